-- CASE buckets over the days between a sale and its return, with an open bucket for unknown dates.
select sm_carrier, count(*) as n,
       sum(case when cr_returned_date_sk - cs_sold_date_sk < 45 then 1 else 0 end) as soon,
       sum(case when cr_returned_date_sk - cs_sold_date_sk between 45 and 89 then 1 else 0 end) as later,
       sum(case when cr_returned_date_sk - cs_sold_date_sk >= 90 then 1 else 0 end) as late,
       sum(case when cs_sold_date_sk is null then 1 else 0 end) as unknown
from catalog_returns join catalog_sales on cr_order_number = cs_order_number and cr_item_sk = cs_item_sk
     join ship_mode on cr_ship_mode_sk = sm_ship_mode_sk
group by sm_carrier
order by sm_carrier;
