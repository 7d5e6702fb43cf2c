-- A later page of the result.
select page_path, count(*) as views from hits where counter_id in (1, 2, 3, 4, 5) and is_outlink <> 0 and is_download = 0 group by page_path order by views desc, page_path limit 10 offset 20;
