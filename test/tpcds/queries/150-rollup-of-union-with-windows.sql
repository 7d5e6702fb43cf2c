-- A window over a ROLLUP over a union: the running share of levels.
select kind, bucket, n, 100.0 * n / max(n) over (partition by kind) as of_level, row_number() over (order by n desc, kind, bucket) as place from (
  select kind, bucket, count(*) as n
  from (select 'sold' as kind, ss_quantity / 25 as bucket from store_sales union all select 'back', sr_return_quantity / 25 from store_returns) x
  where bucket is not null
  group by rollup(kind, bucket)) y
order by place;
