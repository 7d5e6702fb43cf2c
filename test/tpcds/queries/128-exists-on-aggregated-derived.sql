-- EXISTS over a derived table with groups.
select i_brand_id, count(*) as n
from item
where exists (select 1 from (select cr_item_sk, sum(cr_net_loss) as loss from catalog_returns group by cr_item_sk) l where l.cr_item_sk = i_item_sk and l.loss > 10000)
group by i_brand_id
order by n desc, i_brand_id
limit 20;
