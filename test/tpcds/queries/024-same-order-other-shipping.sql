-- Orders of which another line went by a faster type of shipping, and no line came back.
select sm_type, count(distinct ws_order_number) as orders, count(*) as lines, sum(ws_ext_ship_cost) as cost
from web_sales a join ship_mode on ws_ship_mode_sk = sm_ship_mode_sk
where exists (select 1 from web_sales b join ship_mode m on b.ws_ship_mode_sk = m.sm_ship_mode_sk
              where b.ws_order_number = a.ws_order_number and b.ws_item_sk <> a.ws_item_sk and m.sm_type in ('OVERNIGHT', 'EXPRESS'))
  and not exists (select 1 from web_returns where wr_order_number = a.ws_order_number and wr_item_sk = a.ws_item_sk)
  and a.ws_net_paid > (select avg(ws_net_paid) from web_sales)
group by sm_type
order by sm_type;
