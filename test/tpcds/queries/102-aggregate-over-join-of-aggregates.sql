-- Groups over a join of groups with an inequality between sums.
select case when c.total > s.total then 'catalog' when c.total < s.total then 'store' else 'even' end as prefers, count(*) as customers, avg(c.total - s.total) as margin
from (select cs_bill_customer_sk as k, sum(cs_net_paid) as total from catalog_sales group by 1) c
join (select ss_customer_sk as k, sum(ss_net_paid) as total from store_sales group by 1) s on s.k = c.k
group by 1
order by 1;
