-- The same without a filter.
select hit_id, client_ip, count(*) as n, sum(is_refresh) as refreshed, avg(window_width::float) as width from hits group by hit_id, client_ip order by n desc, hit_id limit 10;
