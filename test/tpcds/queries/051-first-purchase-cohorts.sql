-- Cohorts by the month of the first purchase, and how many come back in the following months.
with first_buy as (
  select ss_customer_sk as who, min(d_month_seq) as cohort from store_sales join date_dim on ss_sold_date_sk = d_date_sk where ss_customer_sk is not null group by 1),
active as (
  select distinct ss_customer_sk as who, d_month_seq as m from store_sales join date_dim on ss_sold_date_sk = d_date_sk where ss_customer_sk is not null)
select cohort, m - cohort as months_later, count(*) as customers
from first_buy join active on first_buy.who = active.who
where m - cohort <= 6
group by cohort, m - cohort
order by cohort, months_later
limit 60;
