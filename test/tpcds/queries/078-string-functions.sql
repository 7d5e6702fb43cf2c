-- TRIM, LPAD, REPLACE, REVERSE, INITCAP of CHAR and VARCHAR.
select lpad(i_item_sk::varchar, 4, '0') as nr, initcap(trim(i_color)) as color, replace(trim(i_brand), '#', 'no.') as brand, reverse(trim(i_units)) as units,
       strpos(i_item_desc, 'e') as e, left(i_item_desc, 12) as starts, right(trim(i_container), 3) as ends
from item
where i_item_sk between 20 and 40
order by nr;
-- in DuckDB:
select lpad(i_item_sk::varchar, 4, '0') as nr, upper(left(i_color, 1)) || lower(substring(i_color, 2)) as color, replace(trim(i_brand), '#', 'no.') as brand, reverse(trim(i_units)) as units,
       strpos(i_item_desc, 'e') as e, left(i_item_desc, 12) as starts, right(trim(i_container), 3) as ends
from item where i_item_sk between 20 and 40 order by nr
