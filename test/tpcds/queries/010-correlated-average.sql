-- Returns above 1.2 times the average of their item: a correlated average.
select sr1.sr_item_sk, sr1.sr_ticket_number, sr1.sr_return_amt
from store_returns sr1
where sr1.sr_return_amt > 1.2 * (select avg(sr2.sr_return_amt) from store_returns sr2 where sr2.sr_item_sk = sr1.sr_item_sk)
  and sr1.sr_return_amt > 4000
order by sr1.sr_return_amt desc, sr1.sr_item_sk, sr1.sr_ticket_number
limit 40;
