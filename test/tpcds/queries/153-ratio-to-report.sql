-- RATIO_TO_REPORT within partitions.
select cc_name, sm_code, n, ratio_to_report(n) over (partition by cc_name) as share
from (select cc_name, sm_code, count(*) as n from catalog_sales join ship_mode on cs_ship_mode_sk = sm_ship_mode_sk left join call_center on cs_call_center_sk = cc_call_center_sk group by 1, 2) x
order by cc_name, sm_code;
-- in PostgreSQL:
select cc_name, sm_code, n, n / sum(n) over (partition by cc_name) as share
from (select cc_name, sm_code, count(*) as n from catalog_sales join ship_mode on cs_ship_mode_sk = sm_ship_mode_sk left join call_center on cs_call_center_sk = cc_call_center_sk group by 1, 2) x
order by cc_name, sm_code
-- in DuckDB:
select cc_name, sm_code, n, n::double / sum(n) over (partition by cc_name) as share
from (select cc_name, sm_code, count(*) as n from catalog_sales join ship_mode on cs_ship_mode_sk = sm_ship_mode_sk left join call_center on cs_call_center_sk = cc_call_center_sk group by 1, 2) x
order by cc_name, sm_code
