/**
 * Zone maps on the running server: a table with more than twenty blocks per column and slice, and a predicate on its sort
 * key that reads fewer than a tenth of them; without a predicate all are read. Wide RAW strings make many blocks of few
 * rows.
 */
import { rmSync } from 'node:fs';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newDirectory, startServer, type Server } from './server.ts';

const dataDir = newDirectory();
let server: Server;
let client: pg.Client;
beforeAll(async () => {
  server = await startServer({ dataDir, nodes: 1, slices: 2 });
  client = await server.connect();
  await client.query('create table seq (n int) diststyle even');
  await client.query('insert into seq values (0)');
  for (let n = 1; n < 65536; n *= 2) await client.query(`insert into seq select n + ${n} from seq`);
  await client.query(
    `create table wide (k varchar(900) encode raw, v varchar(900) encode raw) diststyle even sortkey(k)`,
  );
  await client.query(
    `insert into wide select lpad(cast(n as varchar), 8, '0') || repeat('k', 800), lpad(cast(n * 7 % 65536 as varchar), 8, '0') || repeat('v', 800) from seq`,
  );
}, 110_000);
afterAll(async () => {
  await server.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Scan {
  readonly pre: string;
  readonly restricted: string;
  readonly blocks: string;
}
async function scanned(sql: string): Promise<{ answer: string; scan: Scan }> {
  const answer = await client.query({ text: sql, rowMode: 'array' });
  const table = `(select oid from pg_class where relname = 'wide')`;
  const last = await client.query(`select max(query) as q from stl_scan where tbl = ${table}`);
  const id = (last.rows as { q: string }[])[0]!.q;
  const { rows } = await client.query(
    `select sum(rows_pre_filter) as pre, max(is_rrscan) as restricted from stl_scan where query = ${id} and tbl = ${table}`,
  );
  const detail = await client.query(`select sum(blocks_read) as blocks from sys_query_detail where query_id = ${id}`);
  const { blocks } = (detail.rows as { blocks: string }[])[0]!;
  const metrics = await client.query(
    `select blocks_read from stl_query_metrics where query = ${id} and segment = -1 and step_type = -1`,
  );
  expect((metrics.rows as { blocks_read: string }[]).map((r) => String(r.blocks_read))).toEqual([blocks]);
  return {
    answer: String((answer.rows as string[][])[0]![0]),
    scan: { ...(rows as Omit<Scan, 'blocks'>[])[0]!, blocks },
  };
}

test('a range of the sort key reads under a tenth of more than twenty blocks', async () => {
  const blocks = await client.query(
    `select slice, col, count(*) as n from stv_blocklist b join pg_class c on c.oid = b.tbl where c.relname = 'wide' and col in (0, 1) group by 1, 2`,
  );
  const counts = (blocks.rows as { n: string }[]).map((r) => Number(r.n));
  expect(counts).toHaveLength(4);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(20);
  const all = await scanned('select count(*) from wide where length(k) = 808 and length(v) = 808');
  expect(all.answer).toBe('65536');
  expect(all.scan.restricted).toBe('f');
  expect(Number(all.scan.blocks)).toBe(counts.reduce((a, b) => a + b, 0));
  for (const [low, high] of [
    [0, 999],
    [30_000, 30_999],
    [65_000, 65_535],
  ] as const) {
    const pad = (n: number): string => `${n}`.padStart(8, '0');
    const part = await scanned(
      `select count(*) from wide where k >= '${pad(low)}' and k < '${pad(high + 1)}' and length(v) = 808`,
    );
    expect(part.answer).toBe(`${high - low + 1}`);
    expect(part.scan.restricted).toBe('t');
    expect(Number(part.scan.blocks)).toBeGreaterThan(0);
    expect(Number(part.scan.blocks)).toBeLessThan(Number(all.scan.blocks) / 10);
    expect(Number(part.scan.pre)).toBeLessThan(Number(all.scan.pre) / 10);
  }
}, 60_000);
