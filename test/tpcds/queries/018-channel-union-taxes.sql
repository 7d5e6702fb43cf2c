-- Taxes of three channels in one union, each against its own promotions, rolled up.
with taxed as (
  select 'store' as channel, p_promo_name as promo, ss_ext_tax as tax, ss_quantity as q from store_sales left join promotion on ss_promo_sk = p_promo_sk
  union all
  select 'catalog', p_promo_name, cs_ext_tax, cs_quantity from catalog_sales left join promotion on cs_promo_sk = p_promo_sk
  union all
  select 'web', p_promo_name, ws_ext_tax, ws_quantity from web_sales left join promotion on ws_promo_sk = p_promo_sk)
select channel || ' channel' as channel, coalesce(trim(promo), 'none') as promo, grouping(channel) as gc, grouping(promo) as gp,
       sum(tax) as tax, sum(q) as q, sum(tax) / sum(q) as tax_per_piece
from taxed
group by rollup(channel, promo)
order by gc, gp, channel, promo
limit 30;
