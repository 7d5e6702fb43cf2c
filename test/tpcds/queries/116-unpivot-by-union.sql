-- Columns turned into rows by a union, aggregated.
select measure, count(amount) as n, sum(amount) as total, max(amount) as most
from (select 'fee' as measure, sr_fee as amount from store_returns union all select 'tax', sr_return_tax from store_returns
      union all select 'shipping', sr_return_ship_cost from store_returns union all select 'credit', sr_store_credit from store_returns) m
group by measure
order by measure;
