-- EXISTS and IN under one OR, both correlated with a customer.
select c_salutation, count(*) as n, count(c_birth_country) as countries
from customer
where exists (select 1 from store_returns where sr_customer_sk = c_customer_sk and sr_net_loss > 2500)
   or c_current_hdemo_sk in (select hd_demo_sk from household_demographics where hd_vehicle_count = 4 and hd_buy_potential = '>10000')
   or (c_birth_month = 2 and not exists (select 1 from catalog_sales where cs_bill_customer_sk = c_customer_sk))
group by c_salutation
order by n desc, c_salutation;
