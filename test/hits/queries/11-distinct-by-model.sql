-- Users by phone, the unknown left out.
select device_model, count(distinct user_id) as users from hits where device_model is not null group by device_model order by users desc, device_model limit 10;
