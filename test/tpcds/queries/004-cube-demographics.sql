-- CUBE over demographic attributes of the buyers.
select cd_gender, cd_marital_status, cd_credit_rating, count(*) as n, sum(ss_quantity) as quantity,
       grouping(cd_gender, cd_marital_status, cd_credit_rating) as bits
from store_sales join customer_demographics on ss_cdemo_sk = cd_demo_sk
where cd_education_status = 'College'
group by cube(cd_gender, cd_marital_status, cd_credit_rating)
order by bits, 1, 2, 3
limit 100;
