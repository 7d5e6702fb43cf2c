-- Sizes of windows of those who stayed.
select window_width, window_height, count(*) as views from hits where is_refresh = 0 and is_bounce = 0 and time_on_page_s > 5 group by window_width, window_height order by views desc, 1, 2 limit 10 offset 30;
