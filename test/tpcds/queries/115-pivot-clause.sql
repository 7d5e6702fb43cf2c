-- The PIVOT clause over a subquery.
select * from (select d_qoy, cd_gender, cs_quantity from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk join customer_demographics on cs_bill_cdemo_sk = cd_demo_sk where d_year = 1999)
pivot (sum(cs_quantity) for d_qoy in (1 as q1, 2 as q2, 3 as q3, 4 as q4))
order by cd_gender;
-- in PostgreSQL:
select cd_gender, sum(case when d_qoy = 1 then cs_quantity end) as q1, sum(case when d_qoy = 2 then cs_quantity end) as q2, sum(case when d_qoy = 3 then cs_quantity end) as q3, sum(case when d_qoy = 4 then cs_quantity end) as q4
from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk join customer_demographics on cs_bill_cdemo_sk = cd_demo_sk where d_year = 1999 group by cd_gender order by cd_gender
-- in DuckDB:
select cd_gender, sum(case when d_qoy = 1 then cs_quantity end) as q1, sum(case when d_qoy = 2 then cs_quantity end) as q2, sum(case when d_qoy = 3 then cs_quantity end) as q3, sum(case when d_qoy = 4 then cs_quantity end) as q4
from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk join customer_demographics on cs_bill_cdemo_sk = cd_demo_sk where d_year = 1999 group by cd_gender order by cd_gender
