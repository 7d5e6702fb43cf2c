-- NOT over OR and AND with NULLs in between.
select count(*) as kept from store_returns
where not (sr_return_quantity > 10 or sr_fee < 50) and not (sr_reason_sk is null and sr_return_amt > 100);
