-- Distinct count of many values.
select count(distinct user_id) as users from hits;
