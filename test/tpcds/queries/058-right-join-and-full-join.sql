-- RIGHT JOIN and FULL JOIN in one query.
select coalesce(s.band, r.band) as band, s.n as sold, r.n as returned
from (select ss_quantity / 10 as band, count(*) as n from store_sales where ss_net_profit > 1000 group by 1) s
full join (select sr_return_quantity / 10 as band, count(*) as n from store_returns right join reason on sr_reason_sk = r_reason_sk group by 1) r on s.band = r.band
order by band, sold, returned;
