-- The number of such groups.
select count(*) as groups, sum(n) as n from (select user_id, search_phrase, count(*) as n from hits group by user_id, search_phrase) g;
