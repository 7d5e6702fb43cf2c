-- Gaps between consecutive orders of a customer: a numbered CTE joined to itself.
with orders as (
  select cs_bill_customer_sk as who, cs_order_number as o, min(cs_sold_date_sk) as sold,
         row_number() over (partition by cs_bill_customer_sk order by min(cs_sold_date_sk), cs_order_number) as rn
  from catalog_sales where cs_bill_customer_sk is not null and cs_sold_date_sk is not null group by 1, 2)
select a.who, count(*) as gaps, min(b.sold - a.sold) as shortest, max(b.sold - a.sold) as longest, avg((b.sold - a.sold)::float) as mean
from orders a join orders b on a.who = b.who and b.rn = a.rn + 1
group by a.who
having count(*) >= 5
order by longest desc, a.who
limit 30;
