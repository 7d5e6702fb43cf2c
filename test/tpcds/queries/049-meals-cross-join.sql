-- One row of counts from several joins, cross joined, beside the same counted by CASE.
select b.n as breakfast, l.n as lunch, d.n as dinner, a.breakfast as b2, a.lunch as l2, a.dinner as d2
from (select count(*) as n from store_sales join time_dim on ss_sold_time_sk = t_time_sk where t_meal_time = 'breakfast' and ss_quantity > 50) b
cross join (select count(*) as n from store_sales join time_dim on ss_sold_time_sk = t_time_sk where t_meal_time = 'lunch' and ss_quantity > 50) l
cross join (select count(*) as n from store_sales join time_dim on ss_sold_time_sk = t_time_sk where t_meal_time = 'dinner' and ss_quantity > 50) d
cross join (select sum(case when t_meal_time = 'breakfast' then 1 else 0 end) as breakfast, sum(case when t_meal_time = 'lunch' then 1 else 0 end) as lunch,
                   sum(case when t_meal_time = 'dinner' then 1 else 0 end) as dinner
            from store_sales join time_dim on ss_sold_time_sk = t_time_sk where ss_quantity > 50) a;
