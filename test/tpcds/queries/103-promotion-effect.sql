-- Sales with and without promotions beside each other: a ratio of conditional sums.
select i_category, sum(case when ss_promo_sk is not null and p_channel_dmail = 'Y' then ss_ext_sales_price end) as promoted, sum(ss_ext_sales_price) as total,
       sum(case when p_promo_sk is not null then ss_ext_sales_price else 0 end)::float / sum(ss_ext_sales_price)::float * 100 as percent
from store_sales left outer join promotion on ss_promo_sk = p_promo_sk join item on ss_item_sk = i_item_sk
where i_category < 'F'
group by i_category
order by i_category;
