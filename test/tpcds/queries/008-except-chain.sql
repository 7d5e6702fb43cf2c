-- Cities of buyers in one channel but in neither other one: a chain of EXCEPT.
select ca_city from catalog_sales join customer_address on cs_ship_addr_sk = ca_address_sk where ca_city is not null
except
select ca_city from store_sales join customer_address on ss_addr_sk = ca_address_sk where ss_quantity > 99
except
select ca_city from web_sales join customer_address on ws_ship_addr_sk = ca_address_sk where ws_quantity > 90
order by 1
limit 50;
