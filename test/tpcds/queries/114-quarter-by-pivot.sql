-- PIVOT by hand over quarters, with totals by ROLLUP.
select coalesce(trim(i_category), 'all') as category, sum(case when d_qoy = 1 then q end) as q1, sum(case when d_qoy = 2 then q end) as q2,
       sum(case when d_qoy = 3 then q end) as q3, sum(case when d_qoy = 4 then q end) as q4, sum(q) as year
from (select i_category, d_qoy, ws_quantity as q from web_sales join item on ws_item_sk = i_item_sk join date_dim on ws_sold_date_sk = d_date_sk where d_year = 2000 and i_category is not null) x
group by rollup(i_category)
order by grouping(i_category), category;
