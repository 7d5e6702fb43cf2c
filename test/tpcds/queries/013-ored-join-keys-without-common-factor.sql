-- An OR of ANDs in which only one table's key is common.
select ca_state, count(*) as n, sum(ws_net_paid) as paid
from (select * from web_sales where ws_quantity > 60) w, customer_address, customer_demographics
where (ws_bill_addr_sk = ca_address_sk and ws_bill_cdemo_sk = cd_demo_sk and cd_gender = 'F' and ca_gmt_offset = -6)
   or (ws_bill_addr_sk = ca_address_sk and ws_ship_cdemo_sk = cd_demo_sk and cd_gender = 'M' and ca_gmt_offset = -5)
group by ca_state
order by n desc, ca_state
limit 20;
