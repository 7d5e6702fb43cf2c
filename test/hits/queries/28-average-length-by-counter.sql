-- HAVING over many groups.
select counter_id, avg(len(page_url)::float) as length, count(*) as n from hits group by counter_id having count(*) > 300 order by length desc, counter_id limit 25;
