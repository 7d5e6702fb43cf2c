-- Whole rows of few, in order of time.
select * from hits where page_url like '%coffee%' and search_phrase like '%tea%' order by event_time, hit_id limit 3;
