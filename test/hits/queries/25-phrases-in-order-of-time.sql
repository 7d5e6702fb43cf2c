-- Filter, order by a column that is not selected.
select search_phrase from hits where search_phrase is not null order by event_time, hit_id limit 10;
