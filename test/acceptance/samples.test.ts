/**
 * Data made by others, asked exactly: TPC-H at scale 0.01 with money as decimal(12,2) and as decimal(15,2), a reference
 * value cut to our column's scale (one unit in the last place allowed for quotients only); NYC taxi trips and the jaffle
 * shop against sums made here from the files' text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TPCH_TABLES } from '../tpch/schema.ts';
import { root, Subject } from './cluster.ts';

let db: Subject;
const fixture = (...path: string[]): Buffer => readFileSync(join(root, 'fixtures', ...path));
beforeAll(async () => {
  db = await Subject.start(2, 2);
});
afterAll(() => db?.close());

/** Columns of a query that are quotients. */
const QUOTIENTS: Readonly<Record<string, readonly string[]>> = {
  '01': ['avg_qty', 'avg_price', 'avg_disc'],
  '14': ['promo_revenue'],
};
const NUMERIC = 1700;

/** The text as an integer in units of 10^-scale, cut there. */
function cut(text: string, scale: number): bigint {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole! + fraction.slice(0, scale).padEnd(scale, '0'));
}
const scaleOf = (text: string): number => text.split('.')[1]?.length ?? 0;

test.each(['decimal(12,2)', 'decimal(15,2)'])('TPC-H with %s', async (money) => {
  const schema = `tpch_${money.slice(8, 10)}`;
  await db.run(`create schema ${schema}`);
  await db.run(`set search_path to ${schema}`);
  for (const [table, columns] of TPCH_TABLES) {
    db.put(`tpch/${table}.tbl.gz`, fixture('tpch-sf0.01', `${table}.tbl.gz`));
    await db.run(`create table ${table} ${columns.replaceAll('decimal(15,2)', money)}`);
    await db.run(`copy ${table} from 's3://demo/tpch/${table}.tbl.gz' iam_role default delimiter '|' gzip`);
  }
  for (const number of ['01', '03', '05', '06', '10', '12', '14', '19']) {
    const { rows, fields } = await db.client.query<string[]>({
      text: fixture('tpch-sf0.01/queries', `q${number}.sql`).toString(),
      rowMode: 'array',
    });
    const [names, ...expected] = fixture('tpch-sf0.01/answers', `q${number}.tsv`)
      .toString()
      .replace(/\n$/, '')
      .split('\n')
      .map((l) => l.split('\t'));
    expect([number, rows.length]).toEqual([number, expected.length]);
    for (const [r, row] of rows.entries()) {
      for (const [c, ours] of row.entries()) {
        const where = `query ${number}, row ${r}, ${names![c]}`;
        const theirs = expected[r]![c]!;
        if (fields[c]!.dataTypeID !== NUMERIC) {
          expect(`${where}: ${ours.trimEnd()}`).toBe(`${where}: ${theirs.trimEnd()}`);
          continue;
        }
        const apart = cut(ours, scaleOf(ours)) - cut(theirs, scaleOf(ours));
        const quotient = QUOTIENTS[number]?.includes(names![c]!) ?? false;
        expect(quotient ? apart >= -1n && apart <= 1n : apart === 0n, `${where}: ${ours} for ${theirs}`).toBe(true);
      }
    }
  }
  // Types: a sum has 38 digits and its operand's scale (a product whose precision would pass 38 keeps four decimals), a count is bigint.
  const q1 = await db.client.query({ text: fixture('tpch-sf0.01/queries/q01.sql').toString(), rowMode: 'array' });
  const scales = q1.fields
    .slice(2, 6)
    .map((f) => ((f.dataTypeModifier - 4) >> 16) * 100 + ((f.dataTypeModifier - 4) & 0xffff));
  expect(scales).toEqual([3802, 3802, 3804, 3804]);
  expect(q1.fields[9]!.dataTypeID).toBe(20);
  await db.run('reset search_path');
});

test('NYC taxi trips', async () => {
  const zipped = fixture('nyc-taxi/green_tripdata_2017_sample.csv.gz');
  db.put('taxi/trips.csv.gz', zipped);
  const [header, ...trips] = gunzipSync(zipped)
    .toString()
    .trim()
    .split(/\r?\n/)
    .map((l) => l.split(','));
  expect(header).toHaveLength(19);
  await db.run(`create table trips (vendorid int, pickup timestamp, dropoff timestamp, flag char(1), rate int, pu int, dof int, passengers int,
    distance decimal(8,2), fare decimal(8,2), extra decimal(8,2), mta decimal(8,2), tip decimal(8,2), tolls decimal(8,2),
    ehail decimal(8,2), improvement decimal(8,2), total decimal(8,2), payment int, triptype int) sortkey(pickup)`);
  await db.run(
    `copy trips from 's3://demo/taxi/trips.csv.gz' iam_role default csv gzip ignoreheader 1 timeformat 'auto'`,
  );
  const cents = (text: string): number => Math.round(Number(text) * 100);
  const money = (n: number): string => (n / 100).toFixed(2);
  const minute = (text: string): number => {
    const [, month, day, year, hour, min] = /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+)$/.exec(text)!.map(Number);
    return Date.UTC(2000 + year!, month! - 1, day!, hour!, min!) / 60_000;
  };
  const sum = (of: (t: string[]) => number): number => trips.reduce((n, t) => n + of(t), 0);
  expect(
    await db.rows(
      'select count(*), sum(passengers), sum(distance), sum(fare), sum(tip), sum(total), count(ehail) from trips',
    ),
  ).toEqual([
    [
      String(trips.length),
      String(sum((t) => Number(t[7]))),
      money(sum((t) => cents(t[8]!))),
      money(sum((t) => cents(t[9]!))),
      money(sum((t) => cents(t[12]!))),
      money(sum((t) => cents(t[16]!))),
      String(trips.filter((t) => t[14] !== '').length),
    ],
  ]);
  expect(await db.value('select sum(datediff(minute, pickup, dropoff)) from trips')).toBe(
    String(sum((t) => minute(t[2]!) - minute(t[1]!))),
  );
  const zones = new Map<string, { n: number; total: number }>();
  for (const t of trips) {
    const zone = zones.get(t[5]!) ?? { n: 0, total: 0 };
    zones.set(t[5]!, { n: zone.n + 1, total: zone.total + cents(t[16]!) });
  }
  const byZone = [...zones]
    .map(([pu, z]) => [pu, String(z.n), money(z.total)])
    .sort((a, b) => Number(a[0]) - Number(b[0]));
  expect(await db.rows('select pu, count(*), sum(total) from trips group by pu order by pu')).toEqual(byZone);
});

test('jaffle shop', async () => {
  const read = (name: string): string[][] =>
    fixture('jaffle-shop', `${name}.csv`)
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((l) => l.split(','));
  for (const [name, columns] of [
    ['raw_customers', 'id int, first_name varchar(50), last_name varchar(50)'],
    ['raw_orders', 'id int, user_id int, order_date date, status varchar(20)'],
    ['raw_payments', 'id int, order_id int, payment_method varchar(20), amount int'],
  ] as const) {
    db.put(`jaffle/${name}.csv`, fixture('jaffle-shop', `${name}.csv`));
    await db.run(`create table ${name} (${columns})`);
    await db.run(`copy ${name} from 's3://demo/jaffle/${name}.csv' iam_role default csv ignoreheader 1`);
  }
  const owner = new Map(read('raw_orders').map((o) => [o[0], o[1]]));
  const paid = new Map<string, number>();
  for (const p of read('raw_payments')) paid.set(owner.get(p[1])!, (paid.get(owner.get(p[1])!) ?? 0) + Number(p[3]));
  const expected = read('raw_customers').map((c) => [c[0]!, c[1]!, paid.has(c[0]!) ? String(paid.get(c[0]!)) : null]);
  expect(
    await db.rows(`select c.id, c.first_name, sum(p.amount) from raw_customers c left join raw_orders o on o.user_id = c.id
    left join raw_payments p on p.order_id = o.id group by 1, 2 order by 1`),
  ).toEqual(expected);
});
