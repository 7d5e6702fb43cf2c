-- INTERSECT binds closer than UNION and EXCEPT.
select i_color from item where i_size = 'small'
union
select i_color from item where i_size = 'large'
intersect
select i_color from item where i_category = 'Men'
except
select i_color from item where i_current_price > 50
order by 1
limit 50;
