-- LEFT JOINs over LEFT JOINs, with a filter on the innermost in ON.
select c_salutation, count(*) as n, count(cd_demo_sk) as cd, count(hd_demo_sk) as hd, count(ib_income_band_sk) as ib
from customer left join customer_demographics on c_current_cdemo_sk = cd_demo_sk and cd_gender = 'F'
     left join household_demographics on c_current_hdemo_sk = hd_demo_sk and hd_dep_count > 4
     left join income_band on hd_income_band_sk = ib_income_band_sk and ib_lower_bound > 100000
group by 1
order by 1;
