-- An OR of ANDs from which each table's own filter follows.
select i_category, d_year, count(*) as n
from catalog_sales, item, date_dim
where cs_item_sk = i_item_sk and cs_sold_date_sk = d_date_sk
  and ((i_category = 'Books' and d_year = 1999 and d_moy = 4) or (i_category = 'Jewelry' and d_year = 2000 and cs_quantity > 90) or (i_category = 'Men' and d_year = 1998 and d_dom = 31))
group by i_category, d_year
order by 1, 2;
