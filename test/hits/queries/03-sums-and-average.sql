-- Several aggregates in one pass.
select sum(ad_engine_id) as ads, count(*) as n, avg(screen_width::float) as width, sum(response_ms) as waited from hits;
