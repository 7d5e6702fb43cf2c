-- Few groups of few rows.
select ad_engine_id, count(*) as n from hits where ad_engine_id <> 0 group by ad_engine_id order by n desc, ad_engine_id;
