-- MIN and MAX of dates, differences of aggregates.
select w_warehouse_name, min(d_date) as first_count, max(d_date) as last_count, max(d_date) - min(d_date) as days, count(distinct d_date) as counts
from inventory join warehouse on inv_warehouse_sk = w_warehouse_sk join date_dim on inv_date_sk = d_date_sk
group by w_warehouse_name;
