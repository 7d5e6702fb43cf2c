-- The latest return of each customer by a correlated maximum.
select sr_customer_sk, sr_item_sk, sr_returned_date_sk, sr_return_amt
from store_returns r
where sr_returned_date_sk = (select max(sr_returned_date_sk) from store_returns x where x.sr_customer_sk = r.sr_customer_sk) and sr_return_amt > 3000
order by sr_customer_sk, sr_item_sk, sr_return_amt
limit 40;
