-- A derived table of constants joined to facts.
select v.label, count(*) as n, sum(ss_net_paid) as paid
from (select 'low' as label, 0 as lo, 33 as hi union all select 'mid', 34, 66 union all select 'high', 67, 100) v
join store_sales on ss_quantity between v.lo and v.hi
group by v.label
order by n, v.label;
