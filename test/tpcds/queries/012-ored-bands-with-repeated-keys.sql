-- OR-ed bands of which each repeats the join's keys: common factors are what the join needs.
select hd_buy_potential, count(*) as n, sum(wr_return_amt) as returned, max(wr_fee) as fee
from web_returns, household_demographics, customer, date_dim
where wr_returned_date_sk = d_date_sk
  and ((wr_refunded_hdemo_sk = hd_demo_sk and wr_refunded_customer_sk = c_customer_sk and c_birth_month < 4 and hd_vehicle_count > 1 and d_dow in (0, 6))
    or (wr_refunded_hdemo_sk = hd_demo_sk and wr_refunded_customer_sk = c_customer_sk and c_preferred_cust_flag = 'N' and hd_dep_count = 0)
    or (hd_demo_sk = wr_refunded_hdemo_sk and c_customer_sk = wr_refunded_customer_sk and wr_return_quantity > 30 and d_year = 2001))
group by hd_buy_potential
order by hd_buy_potential;
-- in PostgreSQL:
select hd_buy_potential, count(*) as n, sum(wr_return_amt) as returned, max(wr_fee) as fee
from web_returns join household_demographics on wr_refunded_hdemo_sk = hd_demo_sk join customer on wr_refunded_customer_sk = c_customer_sk
     join date_dim on wr_returned_date_sk = d_date_sk
where (c_birth_month < 4 and hd_vehicle_count > 1 and d_dow in (0, 6)) or (c_preferred_cust_flag = 'N' and hd_dep_count = 0) or (wr_return_quantity > 30 and d_year = 2001)
group by hd_buy_potential
order by hd_buy_potential
-- in DuckDB:
select hd_buy_potential, count(*) as n, sum(wr_return_amt) as returned, max(wr_fee) as fee
from web_returns join household_demographics on wr_refunded_hdemo_sk = hd_demo_sk join customer on wr_refunded_customer_sk = c_customer_sk
     join date_dim on wr_returned_date_sk = d_date_sk
where (c_birth_month < 4 and hd_vehicle_count > 1 and d_dow in (0, 6)) or (c_preferred_cust_flag = 'N' and hd_dep_count = 0) or (wr_return_quantity > 30 and d_year = 2001)
group by hd_buy_potential
order by hd_buy_potential
