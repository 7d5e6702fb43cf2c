-- A subquery within a subquery, correlated step by step.
select c_customer_id, c_birth_country
from customer
where c_current_cdemo_sk in (
  select cd_demo_sk from customer_demographics where cd_purchase_estimate > (
    select avg(i.cd_purchase_estimate) + 2000 from customer_demographics i where i.cd_credit_rating = customer_demographics.cd_credit_rating and i.cd_demo_sk < 900) and cd_demo_sk < 3000)
  and c_birth_day > 9
order by c_customer_id
limit 40;
