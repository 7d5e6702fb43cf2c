-- Groups of two numbers with a sum and an average.
select search_engine_id, client_ip, count(*) as n, sum(is_refresh) as refreshed, avg(response_ms::float) as waited
from hits where search_phrase is not null group by search_engine_id, client_ip order by n desc, 1, 2 limit 10;
