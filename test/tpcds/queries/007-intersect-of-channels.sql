-- Customers of all three channels in one year: INTERSECT of three, counted.
select count(*) as customers from (
  select distinct c_last_name, c_first_name, d_year
  from store_sales, date_dim, customer
  where ss_sold_date_sk = d_date_sk and ss_customer_sk = c_customer_sk and d_year = 2000
  intersect
  select distinct c_last_name, c_first_name, d_year
  from catalog_sales, date_dim, customer
  where cs_sold_date_sk = d_date_sk and cs_bill_customer_sk = c_customer_sk and d_year = 2000
  intersect
  select distinct c_last_name, c_first_name, d_year
  from web_sales, date_dim, customer
  where ws_sold_date_sk = d_date_sk and ws_bill_customer_sk = c_customer_sk and d_year between 1998 and 2000) all_three;
