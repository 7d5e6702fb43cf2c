-- Stock at the end of each month by a window instead of a join.
select d_year, d_moy, sum(inv_quantity_on_hand) as at_end from (
  select d_year, d_moy, inv_item_sk, inv_quantity_on_hand, row_number() over (partition by d_year, d_moy, inv_item_sk order by d_date desc) as rn
  from inventory join date_dim on inv_date_sk = d_date_sk) x
where rn = 1
group by d_year, d_moy
order by d_year, d_moy
limit 60;
