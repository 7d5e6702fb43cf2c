-- The five largest states and all others as one.
with by_state as (select coalesce(ca_state, '??') as state, count(*) as n from store_sales left join customer_address on ss_addr_sk = ca_address_sk group by 1),
ranked as (select state, n, row_number() over (order by n desc, state) as r from by_state)
select case when r <= 5 then state else 'rest' end as state, sum(n) as n, count(*) as states from ranked group by 1 order by n desc, 1;
