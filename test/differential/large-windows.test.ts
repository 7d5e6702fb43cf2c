/**
 * Random window queries over 100,000 rows in nodes of 64 MB, every window on disk, row by row what PostgreSQL gives. Queries that
 * take PostgreSQL too long (a frame that moves is begun anew for each row there) are passed by.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/common/clock.ts';
import { Prng } from '../../src/common/prng.ts';
import { judge, lines } from './compare.ts';
import { Engine, startPostgres, type Oracle } from './engines.ts';
import { windowQuery, windowTable } from './kinds/windows.ts';
import { render } from './tree.ts';

const ROWS = 100_000;
const QUERIES = 4;
const ORACLE_MS = 2_000;
const PATIENT_MS = 60_000;
const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? systemClock.nowMs() % 1_000_000);

let oracle: Oracle | string = 'not started';
let cluster: { readonly url: string; close(): Promise<void> } | undefined;
let folder: string;
let theirs: Engine;
let ours: Engine;

/** Rows by arithmetic, the same in both engines: one partition of half of them, some smaller, many of a few, one of NULL. */
const FILL = `insert into win select id,
  case when id % 2 = 0 then 1 when id % 13 = 1 then null when id % 7 = 1 then id % 5000 else id % 5 end,
  case when id % 11 = 3 then null else substring('xyzz', id % 5, 2) end,
  case when id % 17 = 0 then null else id * 31 % 1009 end,
  case when id % 19 = 0 then null else id * 7919 % 100003 - 50000 end,
  case when id % 5 = 4 then null else id % 9 end,
  case when id % 23 = 0 then null else (id % 1000)::bigint * 9223372036854775 - 4611686018427387904 end,
  case when id % 29 = 0 then null else (id * 17 % 99991)::decimal(12,3) / 8 end,
  case when id % 31 = 0 then null else (id * 13 % 4001)::float8 / 8 end,
  case when id % 37 = 0 then null else substring('longer text than a page of few', id % 20, id % 11) || id % 700 end,
  case when id % 41 = 0 then null else date '2024-01-01' + id % 500 end,
  case when id % 3 = 0 then null else id % 2 = 0 end from numbers`;

beforeAll(async () => {
  oracle = await startPostgres();
  if (typeof oracle === 'string') return;
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  const { startCluster } = (await import('../../dist/index.js' as string)) as typeof import('../../src/index.ts');
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-large-'));
  cluster = await startCluster({
    nodes: 1,
    slices: 2,
    nodeMemory: 64,
    dataDir: folder,
    testing: { spillRows: 1000 },
  });
  theirs = new Engine('oracle', oracle.url, PATIENT_MS);
  ours = new Engine('64 MB', cluster.url, PATIENT_MS);
  const { columns } = windowTable(new Prng(1), 0);
  for (const engine of [theirs, ours]) {
    await engine.mustRun('create table numbers (id int)');
    await engine.mustRun(`insert into numbers values ${Array.from({ length: 1000 }, (_, i) => `(${i})`).join(',')}`);
    await engine.mustRun(
      `insert into numbers select a.id * 1000 + b.id from numbers a, numbers b where a.id between 1 and ${ROWS / 1000 - 1}`,
    );
    await engine.mustRun(`create table win (${columns.map((c) => `${c.name} ${c.ours}`).join(', ')})`);
    await engine.mustRun(FILL);
  }
  await theirs.allow(ORACLE_MS);
});
afterAll(async () => {
  if (typeof oracle === 'string') return;
  for (const engine of [theirs, ours]) await engine.close();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
  await oracle.stop();
});

test(`${QUERIES} queries over ${ROWS} rows, DIFFERENTIAL_SEED=${seed}`, async ({ signal, skip }) => {
  if (typeof oracle === 'string') return skip(oracle);
  const random = new Prng(seed);
  const wrong: string[] = [];
  for (let answered = 0; answered < QUERIES && !signal.aborted;) {
    const { tree, types, ordered } = windowQuery(random);
    const want = await theirs.run(render(tree, 'oracle'));
    if (want.kind === 'error' && want.sqlstate === '57014') continue;
    answered++;
    const got = await ours.run(render(tree, 'ours'));
    if (judge(got, want, types, ordered) === 'same') continue;
    const [a, b] = [lines(got, types, ordered), lines(want, types, ordered)];
    const at = a.findIndex((line, i) => line !== b[i]);
    wrong.push(`${render(tree, 'ours')}\n ours ${a[at]}\n want ${b[at]}`);
  }
  expect(wrong.join('\n')).toBe('');
});
