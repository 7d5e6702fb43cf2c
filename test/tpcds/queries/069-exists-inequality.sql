-- EXISTS with an inequality: a dearer line of the same order.
select count(*) as n
from web_sales a
where exists (select 1 from web_sales b where b.ws_order_number = a.ws_order_number and b.ws_sales_price > 2 * a.ws_sales_price)
  and not exists (select 1 from web_sales b where b.ws_order_number = a.ws_order_number and b.ws_quantity < a.ws_quantity);
