-- A day beside the same day of the year before, by a key of the dimension.
select d.d_date, sum(this.paid) as paid, sum(before.paid) as before
from date_dim d join (select ss_sold_date_sk as k, sum(ss_net_paid) as paid from store_sales group by 1) this on this.k = d.d_date_sk
     left join (select ss_sold_date_sk as k, sum(ss_net_paid) as paid from store_sales group by 1) before on before.k = d.d_same_day_ly
where d.d_year = 2001 and d.d_dom in (1, 15)
group by d.d_date
order by d.d_date;
