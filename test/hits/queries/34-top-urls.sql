-- Groups of long texts.
select page_url, count(*) as n from hits group by page_url order by n desc, page_url limit 10;
