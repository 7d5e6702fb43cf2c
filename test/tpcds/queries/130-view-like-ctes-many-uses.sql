-- One CTE used five times.
with sales as (select ss_store_sk as store, ss_item_sk as item, ss_customer_sk as who, ss_net_paid as paid, ss_quantity as q from store_sales where ss_net_paid is not null)
select (select count(*) from sales) as n, (select sum(paid) from sales where q < 10) as small, (select sum(paid) from sales where q >= 90) as large,
       (select max(t) from (select sum(paid) as t from sales group by item) x) as best_item, (select count(*) from (select who from sales group by who having count(*) > 60) y) as regulars;
