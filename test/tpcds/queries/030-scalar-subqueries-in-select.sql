-- Correlated scalar subqueries in the select list, one of them NULL for many.
select c_customer_id, (select count(*) from store_sales where ss_customer_sk = c_customer_sk) as store_lines,
       (select count(*) from web_sales where ws_bill_customer_sk = c_customer_sk) as web_lines,
       (select sum(wr_return_amt) from web_returns where wr_refunded_customer_sk = c_customer_sk) as web_returned
from customer
where c_birth_month = 6 and c_birth_day = 15
order by c_customer_id
limit 30;
