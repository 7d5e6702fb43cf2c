-- Groups by remainders and hashes of keys.
select ss_ticket_number % 5 as r, case when ss_item_sk % 2 = 0 then 'even' else 'odd' end as parity, count(*) as n, min(ss_sold_time_sk) as earliest, max(ss_sold_time_sk) - min(ss_sold_time_sk) as spread
from store_sales
group by 1, 2
order by 1, 2;
