-- Order by a text.
select search_phrase, hit_id from hits where search_phrase is not null order by search_phrase, hit_id limit 10;
