-- APPROXIMATE COUNT(DISTINCT) of few values, rounded to what the sketch promises.
select i_category, approximate count(distinct ss_promo_sk) as promos, count(distinct ss_promo_sk) as exact
from store_sales join item on ss_item_sk = i_item_sk
group by i_category
order by i_category;
