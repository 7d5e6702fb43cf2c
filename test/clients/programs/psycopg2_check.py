# psycopg2: parameters, server-side cursor, autocommit, transaction status, errors. Arguments: host port user database.
import sys, datetime, decimal
import psycopg2, psycopg2.extras, psycopg2.extensions as ext
h, p, u, d = sys.argv[1:5]
c = psycopg2.connect(host=h, port=p, user=u, dbname=d, password='x')
cur = c.cursor()
cur.execute('drop table if exists py2')
cur.execute('create table py2 (a int, b varchar(20), c numeric(10,2), d date, e timestamp, f boolean, g float8)')
row = (1, "it's \\ \u00fc", decimal.Decimal('1.50'), datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 1, 2, 3), True, 2.5)
cur.execute('insert into py2 values (%s,%s,%s,%s,%s,%s,%s)', row)
cur.executemany('insert into py2 (a, b) values (%s, %s)', [(2, None), (3, 'x')])
psycopg2.extras.execute_values(cur, 'insert into py2 (a, b) values %s', [(4, 'y'), (5, 'z')])
cur.execute('select * from py2 where a = %s', (1,))
got = cur.fetchone()
assert got == row, got
assert [x.name for x in cur.description] == list('abcdefg')
assert cur.description[2].precision == 10 and cur.description[2].scale == 2
c.commit()
assert c.info.transaction_status == ext.TRANSACTION_STATUS_IDLE
with c.cursor(name='portion') as named:
    named.itersize = 2
    named.execute('select a from py2 order by a')
    assert [r[0] for r in named] == [1, 2, 3, 4, 5]
c.commit()
try:
    cur.execute('select * from nothing_here')
    raise SystemExit('no error')
except psycopg2.errors.UndefinedTable as e:
    assert e.diag.statement_position == '15', e.diag.statement_position
assert c.info.transaction_status == ext.TRANSACTION_STATUS_INERROR
try:
    cur.execute('select 1')
    raise SystemExit('no error')
except psycopg2.errors.InFailedSqlTransaction:
    pass
c.rollback()
try:
    cur.copy_expert('copy py2 from stdin', open('/dev/null'))
    raise SystemExit('no error')
except psycopg2.Error:
    c.rollback()
cur.execute('select count(*) from py2')
assert cur.fetchone() == (5,)
c.rollback()
c.autocommit = True
cur.execute('select version()')
assert 'Redshift 1.0.' in cur.fetchone()[0]
assert c.server_version == 80002
print('ok')
