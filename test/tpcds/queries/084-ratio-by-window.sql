-- Share of a group by a window without order, in percent.
select cd_education_status, cd_gender, n, round(100.0 * n / sum(n) over (partition by cd_education_status), 3) as share, round(100.0 * n / sum(n) over (), 3) as of_all
from (select cd_education_status, cd_gender, count(*) as n from customer join customer_demographics on c_current_cdemo_sk = cd_demo_sk group by 1, 2) x
order by 1, 2;
