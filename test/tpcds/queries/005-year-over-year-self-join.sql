-- Year-over-year growth: a CTE of yearly totals joined to itself.
with yearly as (
  select i_category, d_year, sum(ss_ext_sales_price) as sales
  from store_sales join date_dim on ss_sold_date_sk = d_date_sk join item on i_item_sk = ss_item_sk
  group by i_category, d_year)
select a.i_category, a.d_year, a.sales, b.sales as last_year, (a.sales - b.sales) / b.sales as growth
from yearly a join yearly b on a.i_category = b.i_category and a.d_year = b.d_year + 1
where b.sales > 0
order by growth desc, a.i_category, a.d_year
limit 30;
