-- Groups that follow from each other.
select client_ip, client_ip - 1 as a, client_ip - 2 as b, client_ip - 3 as c, count(*) as n from hits group by client_ip, client_ip - 1, client_ip - 2, client_ip - 3 order by n desc, client_ip limit 10;
