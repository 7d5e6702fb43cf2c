-- Correlation and slope from sums of products, in floats.
select n, (n * sxy - sx * sy) / sqrt((n * sxx - sx * sx) * (n * syy - sy * sy)) as r, (n * sxy - sx * sy) / (n * sxx - sx * sx) as slope
from (select count(*)::float as n, sum(x) as sx, sum(y) as sy, sum(x * y) as sxy, sum(x * x) as sxx, sum(y * y) as syy
      from (select ss_quantity::float as x, ss_ext_list_price::float as y from store_sales where ss_quantity is not null and ss_ext_list_price is not null) p) q;
