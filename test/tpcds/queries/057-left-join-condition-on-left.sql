-- A LEFT JOIN whose ON restricts the left side: rows stay, without partners.
select i_category, count(*) as n, count(wr_item_sk) as returned, sum(wr_return_amt) as amount
from item left join web_returns on wr_item_sk = i_item_sk and i_current_price > 10 and wr_return_quantity > 5
group by i_category
order by i_category;
