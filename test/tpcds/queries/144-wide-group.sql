-- Groups by eight columns.
select cd_gender, cd_marital_status, cd_education_status, cd_credit_rating, hd_buy_potential, ca_location_type, d_year, ss_promo_sk, count(*) as n, sum(ss_quantity) as q
from store_sales, customer_demographics, household_demographics, customer_address, date_dim
where ss_cdemo_sk = cd_demo_sk and ss_hdemo_sk = hd_demo_sk and ss_addr_sk = ca_address_sk and ss_sold_date_sk = d_date_sk
group by 1, 2, 3, 4, 5, 6, 7, 8
order by n desc, q desc, 1, 2, 3, 4, 5, 6, 7, 8
limit 30;
