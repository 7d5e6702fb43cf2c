-- A chain of dimensions: customer, demographics, income band.
select ib_lower_bound, ib_upper_bound, count(*) as customers, count(distinct ca_state) as states
from customer, household_demographics, income_band, customer_address
where c_current_hdemo_sk = hd_demo_sk and hd_income_band_sk = ib_income_band_sk and c_current_addr_sk = ca_address_sk and ca_gmt_offset between -7 and -5
group by ib_lower_bound, ib_upper_bound
order by ib_lower_bound;
