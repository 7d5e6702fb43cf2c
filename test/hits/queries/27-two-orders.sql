-- Order by a time and a text.
select search_phrase, page_title from hits where search_phrase is not null order by event_time, search_phrase, page_title limit 10;
