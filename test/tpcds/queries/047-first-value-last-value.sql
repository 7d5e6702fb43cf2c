-- FIRST_VALUE and LAST_VALUE over full frames.
select distinct d_year, first_value(i_brand) over (partition by d_year order by total desc, i_brand rows between unbounded preceding and unbounded following) as best,
       last_value(i_brand) over (partition by d_year order by total desc, i_brand rows between unbounded preceding and unbounded following) as worst
from (select d_year, i_brand, sum(cs_net_paid) as total from catalog_sales join item on cs_item_sk = i_item_sk join date_dim on cs_sold_date_sk = d_date_sk
      where i_brand is not null group by d_year, i_brand) t
order by d_year;
