-- A constant among the groups.
select 1 as one, page_url, count(*) as n from hits group by 1, page_url order by n desc, page_url limit 10;
