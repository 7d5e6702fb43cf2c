-- Two roles of one dimension compared: the customer moved or sends elsewhere.
select bill.ca_state as bill_state, ship.ca_state as ship_state, count(*) as orders
from (select distinct cs_order_number, cs_bill_addr_sk, cs_ship_addr_sk from catalog_sales) o
join customer_address bill on cs_bill_addr_sk = bill.ca_address_sk join customer_address ship on cs_ship_addr_sk = ship.ca_address_sk
where bill.ca_state <> ship.ca_state
group by 1, 2
order by orders desc, 1, 2
limit 25;
