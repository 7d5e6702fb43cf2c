-- IN within IN within IN.
select count(*) as n, count(distinct d_year) as years from date_dim where d_date_sk in (
  select cr_returned_date_sk from catalog_returns where cr_item_sk in (
    select i_item_sk from item where i_class_id in (select i_class_id from item where i_color = 'blue' or i_color = 'green') and i_current_price > 3));
