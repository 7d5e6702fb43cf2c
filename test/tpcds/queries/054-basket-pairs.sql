-- Pairs of items in one ticket: a self join of the fact table with an inequality.
select a.ss_item_sk as item_a, b.ss_item_sk as item_b, count(*) as together
from store_sales a join store_sales b on a.ss_ticket_number = b.ss_ticket_number and a.ss_item_sk < b.ss_item_sk
group by a.ss_item_sk, b.ss_item_sk
having count(*) >= 9
order by together desc, item_a, item_b
limit 40;
