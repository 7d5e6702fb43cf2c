-- Scalar subqueries over CTEs in WHERE and select list.
with t as (select sr_store_sk as store, sr_reason_sk as reason, sr_item_sk as item, sum(sr_return_amt) as r from store_returns group by 1, 2, 3)
select store, reason, item, r, r - (select avg(r) from t) as above, (select count(*) from t) as groups
from t
where r > (select max(r) / 2 from t)
order by r desc, item
limit 30;
