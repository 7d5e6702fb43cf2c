-- All rows.
select count(*) as n from hits;
