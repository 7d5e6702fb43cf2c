-- A seven-row moving average and a running total by day.
select d_date, sales, avg(sales) over (order by d_date rows between 6 preceding and current row) as week_average,
       sum(sales) over (order by d_date rows unbounded preceding) as running
from (select d_date, sum(ws_ext_sales_price) as sales from web_sales join date_dim on ws_sold_date_sk = d_date_sk
      where d_year = 2000 and d_moy between 1 and 3 group by d_date) daily
order by d_date
limit 60;
