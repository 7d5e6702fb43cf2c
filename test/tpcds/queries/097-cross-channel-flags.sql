-- Who buys where: flags of three channels by FULL JOINs, counted.
with s as (select distinct ss_customer_sk as k from store_sales where ss_quantity > 60 and ss_customer_sk < 500),
c as (select distinct cs_bill_customer_sk as k from catalog_sales where cs_quantity > 60 and cs_bill_customer_sk < 500),
w as (select distinct ws_bill_customer_sk as k from web_sales where ws_quantity > 60 and ws_bill_customer_sk < 500)
select s.k is not null as store, c.k is not null as catalog, w.k is not null as web, count(*) as n
from s full join c on s.k = c.k full join w on coalesce(s.k, c.k) = w.k
group by 1, 2, 3
order by 1, 2, 3;
