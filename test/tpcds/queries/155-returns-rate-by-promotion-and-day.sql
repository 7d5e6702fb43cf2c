-- Rates from a LEFT JOIN by two keys, grouped by a LEFT-joined dimension.
select coalesce(trim(p_promo_name), 'none') as promo, d_weekend, count(*) as lines, count(sr_item_sk) as returned, count(sr_item_sk)::float / count(*) as rate
from store_sales left join store_returns on ss_ticket_number = sr_ticket_number and ss_item_sk = sr_item_sk
     left join promotion on ss_promo_sk = p_promo_sk join date_dim on ss_sold_date_sk = d_date_sk
group by 1, 2
order by 1, 2;
