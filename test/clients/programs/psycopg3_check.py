# psycopg 3: extended protocol with typed parameters, prepared statements, pipeline, named and binary cursors.
import sys, datetime, decimal
import psycopg
h, p, u, d = sys.argv[1:5]
c = psycopg.connect(host=h, port=p, user=u, dbname=d, password='x')
cur = c.cursor()
cur.execute('drop table if exists py3')
cur.execute('create table py3 (a int, b varchar(20), c numeric(10,2), d date, e timestamp, f boolean, g float8, h bigint, i smallint)')
row = (1, 'x', decimal.Decimal('1.50'), datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 1, 2, 3), True, 2.5, 2**40, 7)
cur.execute('insert into py3 values (%s,%s,%s,%s,%s,%s,%s,%s,%s)', row)
cur.execute('select * from py3 where a = %s', (1,))
assert cur.fetchone() == row
cur.execute('select * from py3 where a = %s', (1,), binary=True)
got = cur.fetchone()
assert got == row, got
for i in range(8):
    cur.execute('select %s::int + 1', (i,))
    assert cur.fetchone() == (i + 1,)
c.commit()
with c.cursor(name='portion') as named:
    named.execute('select g from generate_series(1, %s) g', (7,))
    assert [r[0] for r in named.fetchmany(3)] == [1, 2, 3]
    assert [r[0] for r in named.fetchall()] == [4, 5, 6, 7]
c.commit()
try:
    cur.execute('select nope from py3')
    raise SystemExit('no error')
except psycopg.errors.UndefinedColumn:
    c.rollback()
with c.transaction():
    cur.execute('delete from py3')
    assert cur.rowcount == 1
print('ok')
