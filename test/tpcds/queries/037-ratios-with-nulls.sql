-- Ratios where the denominator is missing or zero: NULLIF and COALESCE.
select sr_ticket_number, sr_item_sk, sr_return_amt, sr_fee,
       sr_return_amt / nullif(sr_return_quantity, 0) as unit, coalesce(sr_return_amt / nullif(sr_refunded_cash, 0), -1) as cash_ratio
from store_returns
where sr_return_quantity is null or sr_refunded_cash = 0
order by sr_ticket_number, sr_item_sk
limit 40;
