-- Joins on expressions of both sides.
select a.i_item_sk as x, b.i_item_sk as y
from item a join item b on a.i_item_sk + 1 = b.i_item_sk and upper(substring(a.i_color, 1, 1)) = upper(substring(b.i_color, 1, 1))
order by 1
limit 30;
