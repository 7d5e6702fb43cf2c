-- CASE in a join condition.
select p_promo_name, count(*) as n
from promotion join catalog_sales on p_promo_sk = case when cs_quantity > 60 then cs_promo_sk else 1 end
group by p_promo_name
order by 1;
