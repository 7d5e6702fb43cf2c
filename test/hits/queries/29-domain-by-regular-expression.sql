-- The domain of a referer by a regular expression.
select regexp_replace(referer, '^https?://(www\\.)?([^/]+)(/.*)?$', '$2') as domain, avg(len(referer)::float) as length, count(*) as n, min(referer) as example
from hits where referer is not null group by 1 having count(*) > 100 order by n desc, domain limit 25;
-- in PostgreSQL:
select regexp_replace(referer, '^https?://(www\.)?([^/]+)(/.*)?$', '\2') as domain, avg(len(referer)::float) as length, count(*) as n, min(referer) as example
from hits where referer is not null group by 1 having count(*) > 100 order by n desc, domain limit 25
-- in DuckDB:
select regexp_replace(referer, '^https?://(www\.)?([^/]+)(/.*)?$', '\2') as domain, avg(len(referer)::float) as length, count(*) as n, min(referer) as example
from hits where referer is not null group by 1 having count(*) > 100 order by n desc, domain limit 25
