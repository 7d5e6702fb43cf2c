-- The pages of one site in a month, by several small filters.
select page_url, count(*) as views from hits
where counter_id = 2 and event_date >= date '2024-07-01' and event_date <= date '2024-07-31' and is_refresh = 0 and is_bot = 0 and page_url <> ''
group by page_url order by views desc, page_url limit 10;
