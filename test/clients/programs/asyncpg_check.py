# asyncpg: everything binary, prepared statements, cursor in a transaction, pool reset, errors.
import asyncio, sys, datetime, decimal
import asyncpg
h, p, u, d = sys.argv[1:5]
async def main():
    c = await asyncpg.connect(host=h, port=int(p), user=u, database=d, password='x', ssl=False)
    await c.execute('drop table if exists apg')
    await c.execute('create table apg (a int, b varchar(20), c numeric(10,2), d date, e timestamp, f boolean, g float8, h bigint, i smallint, j timestamptz)')
    row = (1, 'x', decimal.Decimal('-1.50'), datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 1, 2, 3), True, 2.5, 2**40, 7,
           datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc))
    assert await c.execute('insert into apg values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)', *row) == 'INSERT 0 1'
    got = tuple(await c.fetchrow('select * from apg where a = $1', 1))
    assert got == row, got
    st = await c.prepare('select $1::int + 1 as n, $2::varchar as s')
    assert [a.name for a in st.get_attributes()] == ['n', 's']
    assert tuple(await st.fetchrow(4, 'q')) == (5, 'q')
    async with c.transaction():
        assert [r[0] async for r in c.cursor('select * from generate_series(1, 120) g', prefetch=50)] == list(range(1, 121))
    try:
        await c.fetch('select * from nothing_here')
        raise SystemExit('no error')
    except asyncpg.UndefinedTableError:
        pass
    await c.executemany('insert into apg (a, b) values ($1, $2)', [(2, 'p'), (3, 'q')])
    assert await c.fetchval('select count(*) from apg') == 3
    await c.close()
    pool = await asyncpg.create_pool(host=h, port=int(p), user=u, database=d, password='x', ssl=False, min_size=1, max_size=1)
    for _ in range(2):
        async with pool.acquire() as k:
            assert await k.fetchval('select 1') == 1
    await pool.close()
asyncio.run(main())
print('ok')
