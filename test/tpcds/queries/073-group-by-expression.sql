-- Groups by expressions of dates and prices.
select extract(year from d_date) as y, extract(quarter from d_date) as q, floor(ss_sales_price / 50) as price_band, count(*) as n
from store_sales join date_dim on ss_sold_date_sk = d_date_sk
where ss_sales_price is not null
group by 1, 2, 3
order by 1, 2, 3
limit 60;
