-- DATEDIFF between two roles of date_dim.
select datediff(day, sold.d_date, ship.d_date) as days, count(*) as n, min(ship.d_date) as first_ship
from web_sales join date_dim sold on ws_sold_date_sk = sold.d_date_sk join date_dim ship on ws_ship_date_sk = ship.d_date_sk
where sold.d_year = 1999
group by 1
having count(*) > 5
order by n desc, days
limit 20;
