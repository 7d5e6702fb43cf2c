-- One CTE of yearly quantities by decade of birth, joined to itself three times; decades that grew each year.
with decade as (
  select c_birth_year / 10 * 10 as born, d_year, sum(cs_quantity) as q, avg(cs_list_price) as price
  from catalog_sales join customer on cs_ship_customer_sk = c_customer_sk join date_dim on cs_sold_date_sk = d_date_sk
  where c_birth_year is not null group by 1, 2)
select a.born, a.q as q98, b.q as q99, c.q as q00, d.q as q01, d.price - a.price as dearer
from decade a join decade b on b.born = a.born and b.d_year = 1999 join decade c on c.born = b.born and c.d_year = 2000
     join decade d on d.born = c.born and d.d_year = 2001
where a.d_year = 1998 and (d.q > a.q or c.q > b.q)
order by a.born;
