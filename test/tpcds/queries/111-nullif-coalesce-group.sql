-- Groups by COALESCE and NULLIF, CHAR beside VARCHAR.
select coalesce(nullif(trim(i_size), 'N/A'), 'none') as size, coalesce(c.n, 0) > 100 as often, count(*) as items
from item left join (select cs_item_sk, count(*) as n from catalog_sales group by 1) c on cs_item_sk = i_item_sk
group by 1, 2
order by 1, 2;
