-- HAVING over all rows, and over groups by an aggregate that is not selected.
select cr_call_center_sk, cr_ship_mode_sk, sum(cr_return_quantity) as q
from catalog_returns
group by cr_call_center_sk, cr_ship_mode_sk
having count(distinct cr_item_sk) > 40 and min(cr_fee) < 1
order by q desc, 1, 2
limit 20;
