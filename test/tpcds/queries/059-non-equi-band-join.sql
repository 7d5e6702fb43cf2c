-- A band join: incomes by the bounds of another table.
select ib_income_band_sk, ib_lower_bound, count(cd_demo_sk) as people, max(cd_purchase_estimate) as most
from income_band left join customer_demographics on cd_purchase_estimate * 19 between ib_lower_bound and ib_upper_bound and cd_education_status = 'Primary'
group by 1, 2
order by 1;
