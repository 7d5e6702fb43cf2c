-- As many groups as rows.
select trace_id, client_ip, count(*) as n, sum(is_refresh) as refreshed, avg(window_width::float) as width
from hits where search_phrase is not null group by trace_id, client_ip order by n desc, trace_id, client_ip limit 10;
