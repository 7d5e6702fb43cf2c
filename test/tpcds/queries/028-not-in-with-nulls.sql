-- NOT IN over a column that holds a NULL answers nothing.
select count(*) as n from customer where c_customer_sk not in (select ss_customer_sk from store_sales);
