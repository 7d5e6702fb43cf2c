-- A customer returns an item to the store and buys of the same class on the web afterwards.
select i1.i_class, count(distinct sr_customer_sk) as customers, count(*) as pairs, min(dw.d_date - dr.d_date) as soonest
from store_returns join item i1 on sr_item_sk = i1.i_item_sk join date_dim dr on sr_returned_date_sk = dr.d_date_sk
     join web_sales on ws_bill_customer_sk = sr_customer_sk join item i2 on ws_item_sk = i2.i_item_sk and i2.i_class_id = i1.i_class_id and i2.i_category = i1.i_category
     join date_dim dw on ws_sold_date_sk = dw.d_date_sk
where dw.d_date > dr.d_date
group by i1.i_class
order by pairs desc, i1.i_class
limit 30;
