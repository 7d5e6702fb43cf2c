-- CASE among the groups, with an offset.
select traffic_source_id, search_engine_id, ad_engine_id, case when search_engine_id = 0 and ad_engine_id = 0 then referer else '' end as source, page_path as target, count(*) as views
from hits where counter_id = 3 and event_date >= date '2024-07-01' and is_refresh = 0
group by 1, 2, 3, 4, 5 order by views desc, 1, 2, 3, 4, 5 limit 10 offset 15;
