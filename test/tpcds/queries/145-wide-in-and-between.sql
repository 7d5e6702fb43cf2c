-- A long IN list of numbers with ranges under OR.
select ss_store_sk, count(*) as n, sum(ss_ext_tax) as tax
from store_sales
where ss_item_sk in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113) or ss_quantity between 98 and 99 or ss_wholesale_cost in (1.11, 22.22, 33.33, 99.99)
group by 1
order by 1;
