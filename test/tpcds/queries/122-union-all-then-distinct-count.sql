-- A distinct count over the union of keys of three roles.
select count(distinct k) as addresses, count(*) as mentions, min(k) as least
from (select cs_bill_addr_sk as k from catalog_sales union all select cs_ship_addr_sk from catalog_sales union all select ws_ship_addr_sk from web_sales union all select c_current_addr_sk from customer) x;
