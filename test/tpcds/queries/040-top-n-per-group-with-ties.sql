-- RANK and DENSE_RANK of brands per year, ties kept.
select * from (
  select d_year, i_brand, sum(ws_quantity) as q, rank() over (partition by d_year order by sum(ws_quantity) desc) as r,
         dense_rank() over (partition by d_year order by sum(ws_quantity) desc) as dr
  from web_sales join item on ws_item_sk = i_item_sk join date_dim on ws_sold_date_sk = d_date_sk
  group by d_year, i_brand) x
where r <= 5
order by d_year, r, i_brand;
