-- Weighted averages, and what is lost in integer division.
select i_units, sum(ss_quantity * ss_sales_price) / sum(case when ss_sales_price is not null then ss_quantity end) as weighted, sum(ss_quantity) / count(*) as whole, sum(ss_quantity) % 7 as rest
from store_sales join item on ss_item_sk = i_item_sk
group by i_units
order by i_units;
