-- DISTINCT over expressions, ordered by one of them.
select distinct upper(substring(ca_county, 1, 1)) as initial, case when ca_gmt_offset >= -6 then 'east' else 'west' end as side
from customer_address
where ca_county is not null and ca_gmt_offset is not null
order by 1, 2;
