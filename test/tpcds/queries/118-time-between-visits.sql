-- LAG over tickets: the mean gap between a customer's visits.
select c_customer_id, n, gap from (
  select who, count(*) as n, avg((day - before)::float) as gap from (
    select who, day, lag(day) over (partition by who order by day) as before
    from (select distinct ss_customer_sk as who, ss_sold_date_sk as day from store_sales where ss_customer_sk is not null and ss_sold_date_sk is not null) v) g
  where before is not null group by who) x join customer on c_customer_sk = who
where n >= 4
order by gap, c_customer_id
limit 30;
