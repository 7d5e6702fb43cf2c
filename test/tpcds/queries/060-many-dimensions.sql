-- A star of twelve tables.
select s_state, sm_code, cd_gender, count(*) as n
from store_sales
join store on ss_store_sk = s_store_sk
join date_dim d on ss_sold_date_sk = d.d_date_sk
join time_dim on ss_sold_time_sk = t_time_sk
join item on ss_item_sk = i_item_sk
join customer on ss_customer_sk = c_customer_sk
join customer_address on c_current_addr_sk = ca_address_sk
join customer_demographics on ss_cdemo_sk = cd_demo_sk
join household_demographics on ss_hdemo_sk = hd_demo_sk
join income_band on hd_income_band_sk = ib_income_band_sk
left join promotion on ss_promo_sk = p_promo_sk
join catalog_sales on cs_bill_customer_sk = c_customer_sk and cs_item_sk = i_item_sk
join ship_mode on cs_ship_mode_sk = sm_ship_mode_sk
where ib_upper_bound > 50000 and t_hour > 9 and d.d_year < 2002
group by 1, 2, 3
order by n desc, 1, 2, 3
limit 20;
