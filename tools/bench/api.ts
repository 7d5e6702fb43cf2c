/**
 * The part of the benchmark that times the in-process API: the start, reset() and fork() of a cluster with 50 small tables, and a
 * vitest file that starts a cluster, loads fixtures, runs 100 statements and closes.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type * as Api from '../../src/index.ts';
import { median, ms, say, timed } from './engine.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const TABLES = 50;
const STATEMENTS = 100;

const every = (sql: (i: number) => string): string => Array.from({ length: TABLES }, (_, i) => sql(i)).join('');

async function stateLines(): Promise<readonly string[]> {
  const { startCluster } = (await import(join(root, 'dist/index.js'))) as typeof Api;
  const times = { start: [] as number[], reset: [] as number[], fork: [] as number[] };
  let declared = 0;
  for (let round = 0; round < 3; round++) {
    const [startMs, cluster] = await timed(() => startCluster());
    times.start.push(startMs);
    try {
      await cluster.exec(
        every(
          (i) => `create table t${i} (a int, b varchar(20), c date, d numeric(10, 2), e bigint);
          insert into t${i} values (1, 'x', '2024-01-01', 1.5, 7), (2, 'y', '2024-01-02', 2.5, 8);`,
        ),
      );
      declared = (await timed(() => cluster.declareBase()))[0];
      for (let i = 0; i < 10; i++) {
        await cluster.exec(every((t) => `insert into t${t} values (${i}, 'z', null, null, null);`));
        times.reset.push((await timed(() => cluster.reset()))[0]);
      }
      const [forkMs, fork] = await timed(() => cluster.fork());
      times.fork.push(forkMs);
      await fork.close();
    } finally {
      await cluster.close();
    }
  }
  return [
    `startCluster(), 2 x 2 slices in memory: median of ${times.start.length} ${ms(median(times.start))} ms`,
    `declareBase() of ${TABLES} tables: ${ms(declared)} ms`,
    `reset() of ${TABLES} tables, a row inserted into each: median of ${times.reset.length} ${ms(median(times.reset))} ms`,
    `fork() of ${TABLES} tables: median of ${times.fork.length} ${ms(median(times.fork))} ms`,
  ];
}

/** What a developer's test file is: fixtures, statements of several shapes, the end. */
const TEST_FILE = `
  import { afterAll, beforeAll, expect, test } from 'vitest';
  import { startCluster } from ${JSON.stringify(join(root, 'dist/index.js'))};
  let cluster;
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.loadFixtures(new URL('fixtures', import.meta.url).pathname);
  });
  afterAll(() => cluster.close());
  test('statements', async () => {
    for (let i = 0; i < ${STATEMENTS}; i++) {
      const { rows } =
        i % 4 === 0
          ? await cluster.query('insert into orders values ($1, $2, 1.5)', [i, 'c' + i])
          : i % 4 === 1
            ? await cluster.query('select count(*) as n from orders where id < $1', [i])
            : i % 4 === 2
              ? await cluster.query('select customer, sum(amount) as s from orders group by customer order by 1 limit 5')
              : await cluster.query('select o.id from orders o join customers c on c.name = o.customer where o.id = $1', [i]);
      expect(rows).toBeDefined();
    }
  });`;

/** An installed package lies in node_modules, which vitest does not transform. */
const CONFIG = `export default { test: { include: ['*.test.mjs'], exclude: [], server: { deps: { external: [/dist/] } } } };`;

async function vitestLine(): Promise<string> {
  const folder = mkdtempSync(join(root, 'build/bench-api-'));
  try {
    mkdirSync(join(folder, 'fixtures'));
    writeFileSync(
      join(folder, 'fixtures/01.sql'),
      'create table orders (id int, customer varchar(20), amount decimal(10, 2)); create table customers (name varchar(20));',
    );
    const rows = Array.from({ length: 1000 }, (_, i) => `${i},c${i % 50},${i}.25`);
    writeFileSync(join(folder, 'fixtures/orders.csv'), `id,customer,amount\n${rows.join('\n')}\n`);
    writeFileSync(
      join(folder, 'fixtures/customers.csv'),
      `name\n${rows
        .slice(0, 50)
        .map((_, i) => `c${i}`)
        .join('\n')}\n`,
    );
    writeFileSync(join(folder, 'bench.test.mjs'), TEST_FILE);
    writeFileSync(join(folder, 'vitest.config.mjs'), CONFIG);
    const whole: number[] = [];
    const inside: number[] = [];
    for (let i = 0; i < 5; i++) {
      const args = [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--root',
        folder,
        '--reporter=json',
        'bench.test.mjs',
      ];
      const [elapsed, { stdout }] = await timed(() => run(process.execPath, args, { cwd: folder }));
      const { testResults } = JSON.parse(stdout) as { testResults: { startTime: number; endTime: number }[] };
      whole.push(elapsed);
      inside.push(testResults[0]!.endTime - testResults[0]!.startTime);
    }
    return (
      `a vitest file (cluster, fixtures of 1,050 rows, ${STATEMENTS} statements, close): median of 5 ${ms(median(inside))} ms, ` +
      `with vitest itself ${ms(median(whole))} ms`
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function apiLines(): Promise<readonly string[]> {
  say('the in-process API');
  return [...(await stateLines()), await vitestLine()];
}
