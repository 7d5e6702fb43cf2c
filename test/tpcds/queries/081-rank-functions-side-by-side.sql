-- All rank functions over one order with ties and NULLs.
select cd_dep_count, cd_purchase_estimate, n, row_number() over (order by n desc, cd_dep_count, cd_purchase_estimate) as rn, rank() over (order by n desc) as r, dense_rank() over (order by n desc) as dr,
       percent_rank() over (order by n desc) as pr, cume_dist() over (order by n desc) as cd
from (select cd_dep_count, cd_purchase_estimate, count(ws_order_number) as n
      from customer_demographics left join web_sales on ws_bill_cdemo_sk = cd_demo_sk group by 1, 2) x
order by rn
limit 40;
