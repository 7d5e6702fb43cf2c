-- A join in parentheses on the right of a LEFT JOIN.
select i_category, count(*) as n, count(d_date) as dated, sum(ws_net_paid) as paid
from item left join (web_sales join date_dim on ws_sold_date_sk = d_date_sk and d_year = 1999 and d_moy = 12) on ws_item_sk = i_item_sk
group by i_category
order by i_category;
