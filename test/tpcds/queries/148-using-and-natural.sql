-- JOIN USING over derived columns.
select k, n, m
from (select ss_item_sk as k, count(*) as n from store_sales group by 1) a join (select sr_item_sk as k, count(*) as m from store_returns group by 1) b using (k)
where m * 9 > n
order by m desc, k
limit 25;
