-- Where NULLs stand: last upwards, first downwards.
select sr_reason_sk, sr_return_quantity, count(*) as n
from store_returns
where sr_return_quantity is null or sr_return_quantity > 85
group by 1, 2
order by sr_return_quantity desc, sr_reason_sk
limit 30;
