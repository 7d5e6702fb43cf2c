-- MIN and MAX of CHAR and VARCHAR by group, case and blanks included.
select i_category, min(i_product_name) as a, max(i_brand) as b, min(i_item_desc) as c, max(i_color) as d
from item
group by i_category
order by i_category;
