-- Flight 1, finest: weeks of one year, the weekend left out.
select d_weeknuminyear, sum(lo_extendedprice::bigint * lo_discount) as given, count(*) as n
from lineorder, dwdate
where d_datekey = lo_orderdate and d_year = 1993 and d_weeknuminyear in (20, 21, 22) and d_weekdayfl = '1' and lo_discount > 0 and lo_quantity >= 25
group by d_weeknuminyear
order by d_weeknuminyear;
