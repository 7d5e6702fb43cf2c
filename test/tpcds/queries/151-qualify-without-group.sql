-- QUALIFY over plain rows, with WHERE before.
select sr_item_sk, sr_ticket_number, sr_return_amt
from store_returns
where sr_return_quantity > 20
qualify sr_return_amt > 3 * avg(sr_return_amt) over (partition by sr_item_sk) and count(*) over (partition by sr_item_sk) > 5
order by sr_item_sk, sr_ticket_number
limit 30;
-- in PostgreSQL:
select sr_item_sk, sr_ticket_number, sr_return_amt from (
  select *, avg(sr_return_amt) over (partition by sr_item_sk) as a, count(*) over (partition by sr_item_sk) as n from store_returns where sr_return_quantity > 20) x
where sr_return_amt > 3 * a and n > 5 order by sr_item_sk, sr_ticket_number limit 30
