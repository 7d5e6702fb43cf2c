-- An anti join written as LEFT JOIN with IS NULL.
select cp_type, count(*) as pages
from catalog_page left join catalog_sales on cs_catalog_page_sk = cp_catalog_page_sk
where cs_catalog_page_sk is null and cp_catalog_number < 60
group by cp_type
order by cp_type;
