-- Deviations of deviations: STDDEV over groups of STDDEV.
select i_category, count(*) as items, avg(dev) as mean_dev, stddev_samp(dev) as dev_dev
from (select ss_item_sk, stddev_pop(ss_net_profit) as dev from store_sales group by ss_item_sk) x join item on i_item_sk = ss_item_sk
group by i_category
order by i_category;
