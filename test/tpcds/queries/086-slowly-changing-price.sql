-- A slowly changing dimension joined to itself: how prices changed from version to version.
select a.i_item_id, a.i_current_price as old_price, b.i_current_price as new_price, b.i_rec_start_date - a.i_rec_end_date as gap,
       case when b.i_current_price > a.i_current_price then 'up' when b.i_current_price < a.i_current_price then 'down' else 'same' end as way
from item a join item b on a.i_item_id = b.i_item_id and b.i_rec_start_date = a.i_rec_end_date + 1
order by 1, 2, 3
limit 60;
