-- CASE chooses between scalar subqueries by other scalar subqueries.
select ib_income_band_sk,
       case when (select count(*) from household_demographics where hd_income_band_sk = ib_income_band_sk and hd_vehicle_count > 2) > 60
            then (select max(hd_dep_count) from household_demographics where hd_income_band_sk = ib_income_band_sk)
            when (select min(hd_demo_sk) from household_demographics where hd_income_band_sk = ib_income_band_sk) < 9
            then -1 else (select count(distinct hd_buy_potential) from household_demographics where hd_income_band_sk = ib_income_band_sk) end as chosen,
       (select avg(ss_net_profit) from store_sales join household_demographics on ss_hdemo_sk = hd_demo_sk where hd_income_band_sk = ib_income_band_sk) as profit
from income_band
order by ib_income_band_sk;
