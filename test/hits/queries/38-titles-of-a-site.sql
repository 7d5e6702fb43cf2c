-- The titles of one site, and a wide OR.
select page_title, count(*) as views from hits
where (counter_id = 1 or counter_id = 7 or counter_id = 9 or counter_id = 13) and event_date between date '2024-07-05' and date '2024-07-20' and (is_bounce = 0 or clicks > 3 or goal_id is not null)
group by page_title order by views desc, page_title limit 10;
