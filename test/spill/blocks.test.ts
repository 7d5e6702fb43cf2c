/**
 * Joins whose table can neither stay in memory nor be cut by keys: the inner side of a nested loop, and a key with more rows
 * than the grant. They run in blocks on the temporary disk, and give what a node with much memory gives.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster } from '../../src/index.ts';

const ROWS = 2 ** 18;
let small: Awaited<ReturnType<typeof startCluster>>;
let large: Awaited<ReturnType<typeof startCluster>>;
let [client, reference]: pg.Client[] = [];
let folder: string;

async function connect(url: string): Promise<pg.Client> {
  const c = new pg.Client({ connectionString: url });
  await c.connect();
  await c.query('create table one(n int)');
  await c.query('insert into one values (0)');
  await c.query('create table big(id int, k int, s varchar(100)) diststyle even');
  await c.query(`insert into big values (0, 0, '${'some text that makes the row wide '.repeat(2)}')`);
  for (let n = 1; n < ROWS; n *= 2)
    await c.query(`insert into big select id + ${n}, case when (id + ${n}) % 16 = 0 then id + ${n} end, s from big`);
  // All of skewed but a few rows have the key 7; of keys, as many rows, one.
  await c.query(
    'create table skewed diststyle even as select case when id % 1000 = 1 then id else 7 end k, id, s from big',
  );
  await c.query(
    'create table keys diststyle even as select id k, id + 1 id, s from big union all select id + 1000000, id, s from big',
  );
  await c.query('create table few as select id, id % 3 n from big where id < 6');
  await c.query('analyze');
  return c;
}
const rows = async (c: pg.Client, sql: string): Promise<unknown[][]> =>
  (await c.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-blocks-'));
  small = await startCluster({ nodes: 1, slices: 2, nodeMemory: 64, dataDir: folder });
  large = await startCluster({ nodes: 1, slices: 2, memory: true });
  client = await connect(small.url);
  reference = await connect(large.url);
}, 240_000);
afterAll(async () => {
  await client?.end();
  await reference?.end();
  await small?.close();
  await large?.close();
  rmSync(folder, { recursive: true, force: true });
});

const SUMS = 'count(*), sum(a.id), sum(b.id), count(b.s), min(b.s)';
test.each([
  ['nloop', `select ${SUMS} from few a left join big b on a.id > b.id - 3`],
  ['nloop', `select ${SUMS} from few a left join big b on a.id < b.id - 262140`],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where exists (select 1 from big b where b.id + 3 < a.id and len(b.s) > a.id)',
  ],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where not exists (select 1 from big b where b.id > 262138 + a.id and len(b.s) > a.id)',
  ],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where a.id + 262140 not in (select b.id + len(b.s) * (a.id - a.id) from big b where b.id <> a.id)',
  ],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where a.id + 262140 not in (select b.k + len(b.s) * (a.id - a.id) from big b where b.id <> a.id)',
  ],
  ['hjoin', `select ${SUMS} from keys a join skewed b on a.k = b.k and len(a.s) >= a.id - a.id`],
  ['hjoin', `select ${SUMS} from keys a left join skewed b on a.k = b.k`],
  [
    'hjoin',
    `select ${SUMS} from keys a right join skewed b on a.k = b.k and a.id % 2 = b.id % 2 and len(a.s) >= len(b.s)`,
  ],
  [
    'hjoin',
    `select ${SUMS} from keys a full join skewed b on a.k = b.k and a.id % 2 = b.id % 2 and len(a.s) >= len(b.s)`,
  ],
  [
    'hjoin',
    'select count(*), sum(a.id) from keys a where exists (select 1 from skewed b where b.k = a.k and b.id > a.id + 262100 and b.s >= a.s)',
  ],
  [
    'hjoin',
    'select count(*), sum(a.id) from keys a where not exists (select 1 from skewed b where b.k = a.k and b.id > a.id + 262140 and b.s >= a.s)',
  ],
  [
    'hjoin',
    'select count(*), sum(a.id) from keys a where lpad(k, 40) not in (select lpad(b.k, 40) from skewed b where b.s > chr(65))',
  ],
])(
  '%s in blocks: %s',
  async (step, sql) => {
    expect(await rows(client!, sql)).toEqual(await rows(reference!, sql));
    const [disk] = await rows(
      client!,
      `select count(*) from svl_query_summary where query = pg_last_query_id() and is_diskbased = 't' and label like '${step}%'`,
    );
    expect(Number(disk![0])).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'tmp'), { recursive: true }).filter((f) => /\/\d+$/.test(String(f)))).toEqual([]);
  },
  120_000,
);
