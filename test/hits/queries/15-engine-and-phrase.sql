-- Groups of a number and a text.
select search_engine_id, search_phrase, count(*) as n from hits where search_engine_id > 0 group by search_engine_id, search_phrase order by n desc, 1, 2 limit 10;
