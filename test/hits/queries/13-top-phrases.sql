-- The phrases searched most.
select search_phrase, count(*) as n from hits where search_phrase is not null group by search_phrase order by n desc, search_phrase limit 10;
