-- A cross join of small tables with an inequality.
select hd_buy_potential, sm_type, count(*) as n
from (select distinct hd_buy_potential, hd_vehicle_count from household_demographics) h cross join ship_mode
where sm_ship_mode_sk > 3 * (hd_vehicle_count + 1)
group by 1, 2
order by 1, 2
limit 40;
