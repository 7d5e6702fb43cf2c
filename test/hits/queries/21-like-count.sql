-- A pattern anywhere in a long text.
select count(*) as n from hits where page_url like '%garden%';
