-- Texts put together from parts, CHAR columns among them.
select substring(c_email_address, position('@' in c_email_address) + 1) as domain,
       upper(substring(c_last_name, 1, 3)) || '-' || c_birth_year as mark, len(c_email_address) as n
from customer
where c_email_address like '%.edu' and c_last_name is not null and c_birth_year is not null
order by domain, mark, n
limit 40;
