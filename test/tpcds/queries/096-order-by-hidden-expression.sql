-- An order by an expression that is not selected.
select i_item_sk, trim(i_brand) as brand
from item
where i_brand is not null
order by i_current_price * (100 - i_manager_id) desc, i_item_sk
limit 25;
