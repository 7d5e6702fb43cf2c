-- Decimals of several scales multiplied, divided, rounded and truncated.
select ss_ticket_number, ss_item_sk, ss_quantity * ss_list_price as listed, round(ss_net_paid * 1.0825, 2) as taxed, ss_net_profit % 7 as rest,
       cast(ss_ext_sales_price / ss_quantity as decimal(9,3)) as unit, -ss_net_profit as negative, abs(ss_net_profit) as size
from store_sales
where ss_ticket_number between 100 and 103 and ss_quantity > 0
order by 1, 2;
