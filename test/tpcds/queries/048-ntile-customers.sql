-- NTILE of customers by what they paid, then each bucket's range.
select bucket, count(*) as customers, min(paid) as least, max(paid) as most, sum(paid) as total
from (select ss_customer_sk, paid, ntile(10) over (order by paid, ss_customer_sk) as bucket
      from (select ss_customer_sk, sum(ss_net_paid) as paid from store_sales where ss_customer_sk is not null group by ss_customer_sk having sum(ss_net_paid) is not null) p) q
group by bucket
order by bucket;
