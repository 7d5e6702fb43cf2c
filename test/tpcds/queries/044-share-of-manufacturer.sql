-- Each brand's share of its manufacturer by a window over groups, kept where it is neither all nor little.
select * from (
  select i_manufact_id, i_brand_id, sum(cs_net_paid_inc_ship) as paid, 100 * sum(cs_net_paid_inc_ship) / sum(sum(cs_net_paid_inc_ship)) over (partition by i_manufact_id) as share,
         count(*) over (partition by i_manufact_id) as brands
  from catalog_sales join item on cs_item_sk = i_item_sk
  group by i_manufact_id, i_brand_id) x
where share between 30 and 70 and brands > 1
order by i_manufact_id, i_brand_id
limit 50;
