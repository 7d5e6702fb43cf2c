-- Several distinct counts beside plain ones.
select d_year, d_qoy, count(distinct ss_customer_sk) as customers, count(distinct ss_ticket_number) as tickets,
       count(distinct ss_item_sk) as items, count(*) as lines, sum(ss_net_paid) as paid
from store_sales join date_dim on ss_sold_date_sk = d_date_sk
group by d_year, d_qoy
order by d_year, d_qoy
limit 30;
