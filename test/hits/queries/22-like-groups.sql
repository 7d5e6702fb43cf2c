-- Searches that led to pages of a kind, with an example.
select search_phrase, min(page_url) as example, count(*) as n from hits where page_url like '%phone%' and search_phrase is not null group by search_phrase order by n desc, search_phrase limit 10;
