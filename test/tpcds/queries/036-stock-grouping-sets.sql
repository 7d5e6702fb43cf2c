-- Average stock by day of the week, by manager, and over all: GROUPING SETS with an average of integers as floats.
select d_day_name, i_manager_id, avg(inv_quantity_on_hand::float) as mean, count(inv_quantity_on_hand) as counted, count(*) as n
from inventory join date_dim on inv_date_sk = d_date_sk join item on inv_item_sk = i_item_sk
where i_manager_id < 20 and d_year = 1999
group by grouping sets ((d_day_name), (i_manager_id), ())
order by grouping(d_day_name), grouping(i_manager_id), d_day_name, i_manager_id;
