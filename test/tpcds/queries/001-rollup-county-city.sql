-- ROLLUP of returned amounts over state and city, with GROUPING to tell totals from NULLs.
select ca_state, ca_city, grouping(ca_state) as all_states, grouping(ca_city) as all_cities,
       sum(sr_return_amt) as returned, count(*) as n
from store_returns left join customer_address on sr_addr_sk = ca_address_sk
where ca_gmt_offset is null or ca_gmt_offset < -7
group by rollup(ca_state, ca_city)
order by all_states desc, all_cities desc, ca_state, ca_city
limit 60;
