-- TOP, DECODE, NVL2 and ISNULL-like expressions of Redshift.
select top 20 i_item_sk, decode(trim(i_size), 'small', 'S', 'medium', 'M', 'large', 'L', '-') as size, nvl2(i_rec_end_date, 'old', 'current') as state, nvl(i_rec_end_date, date '2100-01-01') as ends
from item
order by i_item_sk;
-- in PostgreSQL:
select i_item_sk, case trim(i_size) when 'small' then 'S' when 'medium' then 'M' when 'large' then 'L' else '-' end as size, case when i_rec_end_date is not null then 'old' else 'current' end as state, coalesce(i_rec_end_date, date '2100-01-01') as ends
from item order by i_item_sk limit 20
-- in DuckDB:
select i_item_sk, case trim(i_size) when 'small' then 'S' when 'medium' then 'M' when 'large' then 'L' else '-' end as size, case when i_rec_end_date is not null then 'old' else 'current' end as state, coalesce(i_rec_end_date, date '2100-01-01') as ends
from item order by i_item_sk limit 20
