-- SUM and AVG over DISTINCT.
select ss_promo_sk, sum(distinct ss_quantity) as q, avg(distinct ss_wholesale_cost) as cost, count(distinct ss_wholesale_cost) as n
from store_sales
group by ss_promo_sk
order by ss_promo_sk;
