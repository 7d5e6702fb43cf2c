-- An argument of the maximum by two windows.
select c_customer_id, d_year, d_moy, total
from (select cs_bill_customer_sk as who, d_year, d_moy, sum(cs_net_paid) as total, row_number() over (partition by cs_bill_customer_sk order by sum(cs_net_paid) desc, d_year, d_moy) as rn,
             count(*) over (partition by cs_bill_customer_sk) as months
      from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk where cs_net_paid is not null group by 1, 2, 3) x join customer on c_customer_sk = who
where rn = 1 and months > 2
order by total desc, c_customer_id
limit 30;
