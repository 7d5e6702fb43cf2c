/**
 * The TICKIT schema with AWS' distribution and sort keys, loaded by COPY: the movement each join shows and the bytes it
 * sent, rows per slice under an even, a key and a skewed key style, and plans that follow the statistics.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listingLines, saleLines, userLines } from '../data/tickit.ts';
import { root, Subject } from './cluster.ts';

const SCALE = 0.2;
let db: Subject;
const lines = (rows: Iterable<string>): string => [...rows].map((l) => `${l}\n`).join('');

beforeAll(async () => {
  db = await Subject.start(2, 2);
  const load = async (table: string, columns: string, body: string | Uint8Array, options: string): Promise<void> => {
    db.put(`tickit/${table}`, body);
    await db.run(`create table ${table}(${columns})`);
    await db.run(`copy ${table} from 's3://demo/tickit/${table}' iam_role default ${options} region 'us-east-1'`);
  };
  const file = (name: string): Buffer => readFileSync(join(root, 'fixtures/tickit', name));
  const flags = [
    'sports',
    'theatre',
    'concerts',
    'jazz',
    'classical',
    'opera',
    'rock',
    'vegas',
    'broadway',
    'musicals',
  ];
  await load(
    'users',
    `userid integer not null distkey sortkey, username char(8), firstname varchar(30), lastname varchar(30),
    city varchar(30), state char(2), email varchar(100), phone char(14), ${flags.map((f) => `like${f} boolean`).join(', ')}`,
    lines(userLines(SCALE)),
    `delimiter '|'`,
  );
  await load(
    'venue',
    `venueid smallint not null distkey sortkey, venuename varchar(100), venuecity varchar(30), venuestate char(2),
    venueseats integer`,
    file('venue_pipe.txt'),
    `delimiter '|'`,
  );
  await load(
    'category',
    `catid smallint not null distkey sortkey, catgroup varchar(10), catname varchar(10), catdesc varchar(50)`,
    file('category_pipe.txt'),
    `delimiter '|'`,
  );
  await load(
    'date',
    `dateid smallint not null distkey sortkey, caldate date not null, day character(3) not null, week smallint not null,
    month character(5) not null, qtr character(5) not null, year smallint not null, holiday boolean default('N')`,
    file('date2008_pipe.txt'),
    `delimiter '|'`,
  );
  await load(
    'event',
    `eventid integer not null distkey, venueid smallint not null, catid smallint not null,
    dateid smallint not null sortkey, eventname varchar(200), starttime timestamp`,
    file('allevents_pipe.txt'),
    `delimiter '|' timeformat 'YYYY-MM-DD HH:MI:SS'`,
  );
  await load(
    'listing',
    `listid integer not null distkey, sellerid integer not null, eventid integer not null,
    dateid smallint not null sortkey, numtickets smallint not null, priceperticket decimal(8,2), totalprice decimal(8,2),
    listtime timestamp`,
    lines(listingLines(SCALE)),
    `delimiter '|'`,
  );
  await load(
    'sales',
    `salesid integer not null, listid integer not null distkey, sellerid integer not null, buyerid integer not null,
    eventid integer not null, dateid smallint not null sortkey, qtysold smallint not null, pricepaid decimal(8,2),
    commission decimal(8,2), saletime timestamp`,
    lines(saleLines(SCALE)),
    `delimiter '\\t' timeformat 'MM/DD/YYYY HH:MI:SS'`,
  );
});
afterAll(() => db?.close());

const sales = [...saleLines(SCALE)].map((l) => l.split('\t'));
/** Bytes and rows that the steps of the last query sent between slices. */
async function moved(): Promise<{ bytes: number; rows: number }> {
  const [row] = await db.rows(
    `select coalesce(sum(bytes), 0), coalesce(sum(rows), 0) from svl_query_summary
      where query = pg_last_query_id() and (label like 'dist%' or label like 'bcast%')`,
  );
  return { bytes: Number(row![0]), rows: Number(row![1]) };
}

test('a join on the common distribution key moves nothing', async () => {
  const sql = 'select count(*), sum(s.qtysold) from sales s join listing l on s.listid = l.listid';
  expect(await db.plan(sql)).toContain('DS_DIST_NONE');
  expect(await db.rows(sql)).toEqual([[String(sales.length), String(sales.reduce((n, s) => n + Number(s[6]), 0))]]);
  expect(await moved()).toEqual({ bytes: 0, rows: 0 });
});

test('a join with a table on every node moves nothing', async () => {
  await db.run('create table event_all diststyle all as select * from event');
  const sql = 'select count(*) from sales s join event_all e on s.eventid = e.eventid';
  expect(await db.plan(sql)).toContain('DS_DIST_ALL_NONE');
  expect(await db.value(sql)).toBe(String(sales.length));
  expect(await moved()).toEqual({ bytes: 0, rows: 0 });
});

test('other joins move rows, and SVL_QUERY_SUMMARY says how many bytes', async () => {
  const small = 'select count(*) from sales s join event e on s.eventid = e.eventid';
  expect(await db.plan(small)).toMatch(/DS_(DIST_INNER|DIST_OUTER|DIST_BOTH|BCAST_INNER)/);
  expect(await db.value(small)).toBe(String(sales.length));
  const one = await moved();
  expect(one.rows).toBeGreaterThanOrEqual(8798);
  expect(one.bytes).toBeGreaterThanOrEqual(8798 * 4);
  const both = 'select count(*) from sales s join listing l on s.sellerid = l.sellerid';
  expect(await db.plan(both)).toMatch(/DS_DIST_BOTH|DS_BCAST_INNER/);
  const sellers = new Map<string, number>();
  for (const l of listingLines(SCALE)) sellers.set(l.split('|')[1]!, (sellers.get(l.split('|')[1]!) ?? 0) + 1);
  expect(await db.value(both)).toBe(String(sales.reduce((n, s) => n + (sellers.get(s[2]!) ?? 0), 0)));
  const two = await moved();
  expect(two.rows).toBeGreaterThan(one.rows);
  expect(two.bytes).toBeGreaterThan(one.bytes);
});

/** Rows of each slice, as STV_TBL_PERM holds them and as the scan of the last query saw them. */
async function perSlice(table: string): Promise<number[]> {
  expect(await db.value(`select count(*) from ${table}`)).toBe(String(sales.length));
  const scanned = await db.rows(
    `select slice, sum(rows) from svl_query_report where query = pg_last_query_id() and label like 'scan%name=${table}%' group by 1 order by 1`,
  );
  const stored = await db.rows(
    `select slice, rows from stv_tbl_perm where trim(name) = '${table}' and slice < 4 order by 1`,
  );
  expect(scanned).toEqual(stored.filter((r) => scanned.some((s) => s[0] === r[0])));
  const counts = stored.map((r) => Number(r[1]));
  expect(counts.reduce((a, b) => a + b, 0)).toBe(sales.length);
  return counts;
}

test('rows per slice: even within one per cent, skewed under a skewed key', async () => {
  await db.run('create table sales_even diststyle even as select * from sales');
  const even = await perSlice('sales_even');
  expect(even).toHaveLength(4);
  expect(Math.max(...even) - Math.min(...even)).toBeLessThanOrEqual(Math.min(...even) / 100);
  // nine sales in ten of one bucket
  await db.run(
    'create table sales_skewed distkey(bucket) as select *, case when salesid % 10 = 0 then salesid else 0 end as bucket from sales',
  );
  const skewed = await perSlice('sales_skewed');
  expect(Math.max(...skewed)).toBeGreaterThan(0.85 * sales.length);
  expect(
    Number(await db.value(`select skew_rows from svv_table_info where "table" = 'sales_skewed'`)),
  ).toBeGreaterThan(10);
});

test('movement and join order change when ANALYZE changes the statistics', async () => {
  await db.run('create table fact (k1 int, k2 int, v int) diststyle even');
  await db.run('create table d1 (k int) diststyle even');
  await db.run('create table d2 (k int) diststyle even');
  const fill = async (table: string, columns: string, rows: number): Promise<void> => {
    await db.run(`insert into ${table} select ${columns} from sales where salesid <= ${rows}`);
  };
  await fill('fact', 'salesid, salesid, 1', 30_000);
  await fill('d1', 'salesid', 30_000);
  await fill('d2', 'salesid', 50);
  await db.run('analyze');
  const two = 'select count(*) from fact f join d1 on f.k1 = d1.k';
  const three = 'select count(*) from fact f join d1 on f.k1 = d1.k join d2 on f.k2 = d2.k';
  /** Scans from the deepest join outwards, and the movement of the join of two. */
  const shape = async (): Promise<{ movement: string | undefined; order: string[] }> => ({
    movement: /DS_\w+/.exec(await db.plan(two))?.[0],
    order: [...(await db.plan(three)).matchAll(/^( *).*Seq Scan on (\w+)/gm)]
      .map((m) => ({ depth: m[1]!.length, table: m[2]! }))
      .sort((a, b) => b.depth - a.depth)
      .slice(0, 2)
      .map((m) => m.table)
      .sort(),
  });
  const before = await shape();
  expect(before.order).toEqual(['d2', 'fact']);
  const rows = await db.value(three);
  // Now d1 is the small one and d2 the large one; the plan is told by ANALYZE.
  await db.run('delete from d1 where k > 50');
  await fill('d2', '-salesid', 30_000);
  await db.run('analyze');
  const after = await shape();
  expect(after.order).toEqual(['d1', 'fact']);
  expect(after.movement).not.toBe(before.movement);
  expect(after.movement).toBe('DS_BCAST_INNER');
  expect(await db.value(three)).toBe(rows);
});
