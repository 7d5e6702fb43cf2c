-- Rows with a rare number.
select count(*) as n from hits where ad_engine_id <> 0;
