-- Items whose stock swung: the least and the most on hand in a season, kept by their ratio.
select i_product_name, low, high, high::float / nullif(low, 0) as swing from (
  select trim(i_product_name) as i_product_name, min(inv_quantity_on_hand) as low, max(inv_quantity_on_hand) as high
  from inventory join item on i_item_sk = inv_item_sk join date_dim on inv_date_sk = d_date_sk
  where d_date >= date '2001-06-01' and d_date < dateadd(month, 3, date '2001-06-01')
  group by i_product_name) x
where high > 20 * case when low = 0 then null else low end
order by swing desc, i_product_name
limit 40;
