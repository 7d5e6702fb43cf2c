-- GROUPING SETS over a union of the three channels.
with sales as (
  select 'store' as channel, d_year, d_qoy, ss_net_paid as paid from store_sales join date_dim on ss_sold_date_sk = d_date_sk
  union all
  select 'catalog', d_year, d_qoy, cs_net_paid from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk
  union all
  select 'web', d_year, d_qoy, ws_net_paid from web_sales join date_dim on ws_sold_date_sk = d_date_sk)
select channel, d_year, d_qoy, grouping(channel) as gc, grouping(d_year) as gy, grouping(d_qoy) as gq, sum(paid) as paid, count(paid) as n
from sales
group by grouping sets ((channel, d_year), (d_year, d_qoy), (channel), ())
order by gc, gy, gq, channel, d_year, d_qoy
limit 80;
