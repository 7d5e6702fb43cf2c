-- Medians over groups of medians.
select median(m) as middle, min(m) as least, max(m) as most, count(*) as groups
from (select cs_ship_mode_sk, cs_promo_sk, median(cs_net_profit) as m from catalog_sales group by 1, 2) x;
