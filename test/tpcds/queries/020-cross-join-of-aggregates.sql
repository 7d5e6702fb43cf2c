-- Cross join of aggregates of one row: returned, sold and held, each with a distinct count and an OR-ed filter.
select r.n as returns, r.items as returned_items, s.n as sales, s.people, s.mean, h.n as holdings, h.items as held_items, s.n::float / nullif(r.n, 0) as ratio
from (select count(*) as n, count(distinct cr_item_sk) as items from catalog_returns where cr_fee > 90 or cr_return_tax = 0) r,
     (select count(*) as n, count(distinct cs_bill_customer_sk) as people, avg(cs_ext_ship_cost) as mean from catalog_sales
      where (cs_quantity = 1 or cs_quantity = 100) and (cs_net_profit > 0 or cs_coupon_amt > 0)) s,
     (select count(inv_quantity_on_hand) as n, count(distinct inv_item_sk) as items from inventory where inv_quantity_on_hand < 5 or inv_quantity_on_hand > 995) h;
