-- Gaps and islands by the difference of two numbers: the longest run of growing months by category.
with m as (select i_category, d_month_seq as mo, sum(ss_ext_sales_price) as r from store_sales join item on ss_item_sk = i_item_sk join date_dim on ss_sold_date_sk = d_date_sk where i_category is not null group by 1, 2),
g as (select i_category, mo, case when r > lag(r) over (partition by i_category order by mo) then 1 else 0 end as grew from m),
runs as (select i_category, mo, grew, mo - row_number() over (partition by i_category, grew order by mo) as run from g)
select i_category, max(n) as longest from (select i_category, run, count(*) as n from runs where grew = 1 group by 1, 2) x group by i_category order by i_category;
