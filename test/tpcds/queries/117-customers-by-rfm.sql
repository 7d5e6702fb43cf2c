-- Recency, frequency and money in three NTILEs, counted by the cell.
with base as (
  select ss_customer_sk as who, max(ss_sold_date_sk) as recent, count(distinct ss_ticket_number) as often, sum(ss_net_paid) as money
  from store_sales where ss_customer_sk is not null and ss_sold_date_sk is not null and ss_net_paid is not null group by 1),
cells as (select ntile(3) over (order by recent, who) as r, ntile(3) over (order by often, who) as f, ntile(3) over (order by money, who) as m from base)
select r, f, m, count(*) as n from cells group by r, f, m order by r, f, m;
