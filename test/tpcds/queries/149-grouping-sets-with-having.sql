-- GROUPING SETS with HAVING over GROUPING and aggregates.
select sm_type, sm_code, count(*) as n, grouping(sm_type, sm_code) as g
from web_sales join ship_mode on ws_ship_mode_sk = sm_ship_mode_sk
group by cube(sm_type, sm_code)
having count(*) > 300 or grouping(sm_type, sm_code) = 3
order by g, sm_type, sm_code;
