-- The phrases of most users.
select search_phrase, count(distinct user_id) as users from hits where search_phrase is not null group by search_phrase order by users desc, search_phrase limit 10;
