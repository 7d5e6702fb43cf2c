-- Distinct pairs counted by a subquery, beside distinct counts of single columns.
select d_year, count(*) as pairs, count(distinct who) as people, count(distinct what) as things
from (select distinct d_year, cs_bill_customer_sk as who, cs_item_sk as what from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk) p
group by d_year
order by d_year;
