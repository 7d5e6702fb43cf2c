-- A window over a subquery with windows, and a filter between.
select band, count(*) as n, sum(jump) as jumps
from (select sold, q, q - lag(q) over (order by sold) as jump, ntile(4) over (order by q, sold) as band
      from (select cs_sold_date_sk as sold, sum(cs_quantity) as q from catalog_sales where cs_sold_date_sk is not null group by 1) d) x
where jump is not null and abs(jump) > 100
group by band
order by band;
