-- A CTE of catalog pages read twice: pages whose loss is far above the mean of their type.
with page as (
  select cp_catalog_page_sk as sk, cp_type, cp_catalog_number as number, sum(cr_net_loss) as loss, count(*) as n
  from catalog_returns join catalog_page on cr_catalog_page_sk = cp_catalog_page_sk group by 1, 2, 3)
select p.cp_type, p.number, p.sk, p.loss, p.n
from page p
where p.loss > 4 * (select avg(q.loss) from page q where q.cp_type = p.cp_type)
order by p.loss desc, p.sk
limit 30;
