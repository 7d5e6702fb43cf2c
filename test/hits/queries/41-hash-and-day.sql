-- Groups by a hash and a day under IN.
select url_hash, event_date, count(*) as views from hits
where traffic_source_id in (-1, 6) and referer_hash > 0 and is_refresh = 0 and counter_id < 20
group by url_hash, event_date order by views desc, url_hash, event_date limit 10 offset 5;
