-- A subquery correlated by two columns and an inequality.
select count(*) as n, sum(cs_quantity) as q
from catalog_sales o
where cs_quantity > 97 and cs_quantity > (select avg(i.cs_quantity::float) from catalog_sales i where i.cs_ship_mode_sk = o.cs_ship_mode_sk and i.cs_promo_sk = o.cs_promo_sk and i.cs_item_sk < 60);
