-- LAG two back and LEAD with a default over quarters of each credit rating.
with q as (
  select cd_credit_rating, d_quarter_seq, sum(ss_ext_list_price) as listed, count(*) as n
  from store_sales join customer_demographics on ss_cdemo_sk = cd_demo_sk join date_dim on ss_sold_date_sk = d_date_sk
  group by cd_credit_rating, d_quarter_seq)
select cd_credit_rating, d_quarter_seq, listed, lag(listed, 2) over (partition by cd_credit_rating order by d_quarter_seq) as half_a_year_ago,
       lead(n) over (partition by cd_credit_rating order by d_quarter_seq) as next_n,
       listed - avg(listed) over (partition by cd_credit_rating order by d_quarter_seq rows between 2 preceding and 2 following) as off_trend
from q
order by cd_credit_rating, d_quarter_seq
limit 60;
