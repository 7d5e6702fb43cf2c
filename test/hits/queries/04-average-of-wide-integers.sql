-- The average of 64-bit numbers, whose sum is wider than they are.
select avg(user_id::decimal(20, 0)) as mean, sum(user_id) as total from hits;
