-- Derived tables five deep, each with a filter.
select max_q, count(*) as n from (
  select item, max(q) as max_q from (
    select item, wk, q from (
      select item, wk, sum(q) as q from (
        select ws_item_sk as item, d_week_seq as wk, ws_quantity as q from web_sales join date_dim on ws_sold_date_sk = d_date_sk where ws_quantity is not null) a
      group by item, wk) b
    where q between 20 and 200) c
  group by item) d
group by max_q
having count(*) > 1
order by n desc, max_q
limit 25;
