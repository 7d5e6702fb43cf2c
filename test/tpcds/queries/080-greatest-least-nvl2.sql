-- GREATEST, LEAST and COALESCE over nullable money.
select ss_item_sk, sum(greatest(ss_wholesale_cost, ss_list_price, ss_sales_price)) as most, sum(least(ss_wholesale_cost, ss_sales_price)) as least,
       sum(coalesce(ss_net_profit, ss_net_paid, 0)) as something
from store_sales
where ss_item_sk between 10 and 30
group by ss_item_sk
order by ss_item_sk;
