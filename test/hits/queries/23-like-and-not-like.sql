-- Two patterns over two texts, and a distinct count.
select search_phrase, min(page_url) as url, min(page_title) as title, count(*) as n, count(distinct user_id) as users
from hits where page_title like '%Sale%' and page_url not like '%.html%' and search_phrase is not null group by search_phrase order by n desc, search_phrase limit 10;
