-- Quantities sold, returned and bought again, with deviation and coefficient of variation.
select i_category, count(ss_quantity) as n, avg(ss_quantity::float) as mean, stddev_samp(ss_quantity) as deviation,
       stddev_samp(ss_quantity) / avg(ss_quantity::float) as variation, var_pop(ss_quantity) as variance
from store_sales join item on ss_item_sk = i_item_sk
group by i_category
order by i_category;
