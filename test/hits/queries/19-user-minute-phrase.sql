-- Groups by an expression of the time.
select user_id, extract(minute from event_time) as minute, search_phrase, count(*) as n from hits group by 1, 2, 3 order by n desc, 1, 2, 3 limit 10;
