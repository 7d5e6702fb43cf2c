-- A quotient of counts as decimals of different scales.
select cast(f.n as decimal(12,3)) / cast(m.n as decimal(9,2)) as women_to_men, f.n as women, m.n as men from
  (select count(*) as n from catalog_returns join customer_demographics on cr_refunded_cdemo_sk = cd_demo_sk where cd_gender = 'F') f,
  (select count(*) as n from catalog_returns join customer_demographics on cr_refunded_cdemo_sk = cd_demo_sk where cd_gender = 'M') m;
