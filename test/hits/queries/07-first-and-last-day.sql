-- Least and greatest of a sort key.
select min(event_date) as first_day, max(event_date) as last_day, min(event_time) as first_hit from hits;
