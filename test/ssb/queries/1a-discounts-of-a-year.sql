-- Flight 1: what discounts cost in a year, one dimension and two bands of the fact.
select sum(lo_extendedprice::bigint * lo_discount) as given, count(*) as n
from lineorder join dwdate on d_datekey = lo_orderdate
where d_year = 1995 and lo_discount between 2 and 4 and lo_quantity < 20;
