/**
 * ALL tables on every slice of every node, in memory and on disk, and what the optimizer believes about row counts after
 * deletes, VACUUM, TRUNCATE and a restart.
 */
import { rmSync } from 'node:fs';
import type pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { newDirectory, startServer, type Server } from './server.ts';

const directories: string[] = [];
afterAll(() => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});
const cells = async (client: pg.Client, sql: string): Promise<(string | null)[][]> =>
  (await client.query({ text: sql, rowMode: 'array' })).rows as (string | null)[][];
const start = (memory: boolean, nodes: number, slices: number): Promise<Server> => {
  directories.push(newDirectory());
  return startServer({ dataDir: directories[directories.length - 1]!, memory, nodes, slices });
};
const rows = (from: number, count: number, width: number): string =>
  Array.from({ length: count }, (_, i) => `(${from + i},'${`${(from + i) * 7919}`.padEnd(width, '.')}')`).join(',');

const TOPOLOGIES = [
  { memory: true, nodes: 2, slices: 2 },
  { memory: true, nodes: 1, slices: 4 },
  { memory: false, nodes: 2, slices: 3 },
];
test.each(sampled('copies', TOPOLOGIES, 1))(
  'ALL tables: $nodes x $slices, memory $memory',
  async ({ memory, nodes, slices }) => {
    const server = await start(memory, nodes, slices);
    const client = await server.connect();
    const other = await server.connect();
    await client.query('create table k (k int) diststyle even');
    await client.query(`insert into k values ${Array.from({ length: 24 }, (_, i) => `(${i})`).join(',')}`);
    await client.query('create table c (x int, s varchar(200) encode raw)');
    let model: number[] = [];
    const check = async (who: pg.Client, expected: readonly number[]): Promise<void> => {
      const sum = expected.reduce((a, b) => a + b, 0);
      const want = [`${expected.length}`, expected.length === 0 ? null : `${sum}`];
      expect(await cells(who, 'select count(*), sum(x) from k join c on k.k = c.x % 24')).toEqual([want]);
      expect(await cells(who, 'select count(*), sum(x) from c')).toEqual([want]);
    };
    for (let round = 0; round < 3; round++) {
      await client.query('begin');
      await client.query(`insert into c values ${rows(round * 10_000, 2500, 180)}`);
      const large = [...model, ...Array.from({ length: 2500 }, (_, i) => round * 10_000 + i)];
      await check(client, large);
      await client.query(`insert into c values ${rows(round * 10_000 + 5000, 3, 10)}`);
      await client.query('delete from c where x % 5 = 0');
      const own = [...large, ...[0, 1, 2].map((i) => round * 10_000 + 5000 + i)].filter((x) => x % 5 !== 0);
      await check(client, own);
      await check(other, model);
      if (round === 1) await client.query('rollback');
      else {
        await client.query('commit');
        model = own;
      }
      await check(other, model);
      await check(client, model);
      await client.query('vacuum full c to 100 percent');
      await check(other, model);
    }
    // Time for the slices to reclaim what VACUUM replaced.
    await new Promise((r) => setTimeout(r, 400));
    await check(other, model);
    await client.query('truncate c');
    await check(other, []);
    await client.query(`insert into c values ${rows(0, 100, 10)}`);
    await check(
      other,
      Array.from({ length: 100 }, (_, i) => i),
    );
    expect(await server.stop()).toBe(0);
    expect(server.stderr()).toMatch(/^slicehouse: stopping: [^\n]*\n$/);
  },
  60_000,
);

test.each(['all', 'even'])(
  'the optimizer knows the rows of a table, diststyle %s',
  async (style) => {
    const first = await start(false, 2, 2);
    let client = await first.connect();
    const estimate = async (): Promise<number> => {
      const plan = (await cells(client, 'explain select x from n')).map((r) => r[0]).join('\n');
      return Number(/rows=(\d+)/.exec(plan)![1]);
    };
    await client.query(`create table n (x int, s varchar(200)) diststyle ${style}`);
    await client.query(`insert into n values ${rows(0, 3000, 100)}`);
    expect(await estimate()).toBe(3000);
    await client.query('delete from n where x < 1000');
    expect(await estimate()).toBe(2000);
    await client.query('vacuum full n to 100 percent');
    expect(await estimate()).toBe(2000);
    await first.kill();
    const dataDir = directories[directories.length - 1]!;
    const second = await startServer({ dataDir });
    client = await second.connect();
    expect(await estimate()).toBe(2000);
    await client.query('begin');
    await client.query(`insert into n values ${rows(5000, 10, 10)}`);
    await client.query('rollback');
    expect(await estimate()).toBe(2000);
    expect(await second.stop()).toBe(0);
    const third = await startServer({ dataDir });
    client = await third.connect();
    expect(await estimate()).toBe(2000);
    await client.query('truncate n');
    await client.query(`insert into n values ${rows(0, 7, 10)}`);
    expect(await estimate()).toBe(7);
    await third.kill();
  },
  60_000,
);
