-- Flight 1, finer: one month, other bands.
select sum(lo_extendedprice::bigint * lo_discount) as given, count(*) as n
from lineorder, dwdate
where d_datekey = lo_orderdate and d_yearmonthnum = 199603 and lo_discount in (6, 7, 8) and lo_quantity between 10 and 40;
