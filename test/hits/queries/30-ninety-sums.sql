-- Very many sums of one column and a constant.
select sum(window_width) as s0, sum(window_width + 1) as s1, sum(window_width + 2) as s2, sum(window_width + 3) as s3, sum(window_width + 4) as s4,
       sum(window_width + 5) as s5, sum(window_width + 6) as s6, sum(window_width + 7) as s7, sum(window_width + 8) as s8, sum(window_width + 9) as s9,
       sum(window_width + 10) as s10, sum(window_width + 11) as s11, sum(window_width + 12) as s12, sum(window_width + 13) as s13, sum(window_width + 14) as s14,
       sum(window_width + 15) as s15, sum(window_width + 16) as s16, sum(window_width + 17) as s17, sum(window_width + 18) as s18, sum(window_width + 19) as s19,
       sum(window_width + 20) as s20, sum(window_width + 21) as s21, sum(window_width + 22) as s22, sum(window_width + 23) as s23, sum(window_width + 24) as s24,
       sum(window_width + 25) as s25, sum(window_width + 26) as s26, sum(window_width + 27) as s27, sum(window_width + 28) as s28, sum(window_width + 29) as s29
from hits;
