-- Duplicates removed by ROW_NUMBER: the newest version of each item.
select i_item_id, i_item_sk, i_rec_start_date, i_current_price
from (select *, row_number() over (partition by i_item_id order by i_rec_start_date desc, i_item_sk) as rn from item) v
where rn = 1 and i_rec_end_date is null and i_current_price > 8
order by i_item_id
limit 40;
