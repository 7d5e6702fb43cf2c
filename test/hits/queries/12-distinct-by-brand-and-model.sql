-- The same by two columns.
select device_brand, device_model, count(distinct session_id) as sessions from hits where is_mobile = 1 group by device_brand, device_model order by sessions desc, 1, 2 limit 10;
