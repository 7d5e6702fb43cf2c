-- QUALIFY: the three best-selling items of each category.
select i_category, i_item_id, sum(ss_ext_sales_price) as sales
from store_sales join item on ss_item_sk = i_item_sk
where i_category is not null
group by i_category, i_item_id
qualify row_number() over (partition by i_category order by sum(ss_ext_sales_price) desc, i_item_id) <= 3
order by i_category, sales desc, i_item_id;
-- in PostgreSQL:
select i_category, i_item_id, sales from (
  select i_category, i_item_id, sum(ss_ext_sales_price) as sales,
         row_number() over (partition by i_category order by sum(ss_ext_sales_price) desc, i_item_id) as rn
  from store_sales join item on ss_item_sk = i_item_sk where i_category is not null group by i_category, i_item_id) x
where rn <= 3 order by i_category, sales desc, i_item_id
