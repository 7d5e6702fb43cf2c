# pg8000: portals read 100 rows at a time, parameters, errors.
import sys, datetime, decimal
import pg8000
h, p, u, d = sys.argv[1:5]
c = pg8000.connect(host=h, port=int(p), user=u, database=d, password='x')
cur = c.cursor()
cur.execute('drop table if exists p8')
cur.execute('create table p8 (a int, b varchar(20), c numeric(10,2), d date, f boolean, g float8)')
row = (1, 'x', decimal.Decimal('1.50'), datetime.date(2024, 2, 29), True, 2.5)
cur.execute('insert into p8 values (%s,%s,%s,%s,%s,%s)', row)
cur.execute('select * from p8 where a = %s', (1,))
got = tuple(cur.fetchone())
assert got == row, got
cur.execute('select g from generate_series(1, 350) g')
assert [r[0] for r in cur.fetchall()] == list(range(1, 351))
c.commit()
try:
    cur.execute('select * from nothing_here')
    raise SystemExit('no error')
except Exception as e:
    assert '42P01' in str(e), e
c.rollback()
cur.execute('select 1')
assert cur.fetchone()[0] == 1
c.close()
print('ok')
