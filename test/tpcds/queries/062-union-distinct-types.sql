-- UNION of columns of different numeric types and lengths of text.
select 'price' as kind, i_current_price as value, i_color as label from item where i_item_sk < 5
union
select 'stock', inv_quantity_on_hand, 'units' from inventory where inv_date_sk = 2450815 and inv_item_sk < 9
union
select 'estimate'::varchar(20), cd_purchase_estimate::bigint, cd_credit_rating from customer_demographics where cd_demo_sk < 9
order by 1, 2, 3;
