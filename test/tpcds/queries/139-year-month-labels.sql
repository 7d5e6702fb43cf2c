-- Labels of months from integers, padded.
select d_year || '-' || lpad(d_moy::varchar, 2, '0') as label, sum(cr_return_quantity) as q, sum(cr_return_amount) as amount
from catalog_returns join date_dim on cr_returned_date_sk = d_date_sk
where d_year >= 2001
group by 1
order by 1;
