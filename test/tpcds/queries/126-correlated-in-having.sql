-- HAVING with a subquery correlated by the group.
select i_category_id, sum(ss_net_paid) as paid
from store_sales join item i on ss_item_sk = i_item_sk
group by i_category_id
having sum(ss_net_paid) > (select avg(x.i_current_price) * 90000 from item x where x.i_category_id = i.i_category_id)
order by 1;
-- in PostgreSQL:
select i_category_id, sum(ss_net_paid) as paid
from store_sales join item i on ss_item_sk = i_item_sk
group by i_category_id
having sum(ss_net_paid) > (select avg(x.i_current_price) * 90000 from item x where x.i_category_id = i.i_category_id)
order by 1
