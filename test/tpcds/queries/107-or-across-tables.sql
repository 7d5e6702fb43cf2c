-- An OR over columns of three tables of a join: no side can be filtered alone.
select count(*) as n, sum(ss_net_profit) as profit
from store_sales join customer on ss_customer_sk = c_customer_sk join item on ss_item_sk = i_item_sk
where (c_birth_country = 'CANADA' and i_category = 'Music') or (ss_quantity = 7 and i_size = 'medium') or (c_birth_country = 'GREECE' and ss_sales_price > 100);
