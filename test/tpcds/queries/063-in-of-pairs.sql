-- A row of two values under IN.
select count(*) as lines, sum(ss_net_paid) as paid
from store_sales
where (ss_ticket_number, ss_item_sk) in (select sr_ticket_number, sr_item_sk from store_returns where sr_return_quantity >= 20);
