/**
 * Long statements beside point queries: how long a session that asks a point query every 10 ms waits while another runs a
 * statement of many megabytes, and how large the process gets. Latencies count from when a query was due, so that a stop
 * of the server counts for every query it holds up.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, startServer } from '../bench/slicehouse.ts';
import type { Campaign } from './campaign.ts';

const TREE = join(import.meta.dirname, '../..');
const EVERY_MS = 10;
const P95_MS_MAX = 100;
const PEAK_MB_MAX = 1536;
const INSERT_BYTES = 16 * 1000 * 1000;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function insertText(): string {
  const rows: string[] = [];
  for (let bytes = 0, i = 0; bytes < INSERT_BYTES; i++) {
    const row = `(${i}, 'value ${i}')`;
    rows.push(row);
    bytes += row.length + 1;
  }
  return `insert into target values ${rows.join(',')}`;
}

/** Conditions and values of several shapes, so that they are code and not one loop over their constants. */
const condition = (i: number): string =>
  [
    `a = ${i} and b = 'x${i}'`,
    `a between ${i} and ${i + 3}`,
    `length(b) = ${i % 30} and a > ${i}`,
    `(a + ${i}) % 7 = 3`,
  ][i % 4]!;
const value = (i: number): string => [`a + ${i}`, `a * ${i} - length(b)`, `coalesce(a, ${i}) / 3`][i % 3]!;
const wideTable = (type: string): string => `create table wide (${numbers(1000).map((i) => `c${i} ${type}`)})`;

interface LongStatement {
  readonly name: string;
  /** Statements before it. */
  readonly setup?: readonly string[];
  text(): string;
  readonly values?: readonly number[];
}
const STATEMENTS: readonly LongStatement[] = [
  {
    name: 'IN list of a million integers',
    text: () => `select count(*) from t where a in (${numbers(1_000_000).map((i) => (i * 7919) % 1_000_003)})`,
  },
  {
    name: 'IN list of 500,000 texts',
    text: () => `select count(*) from t where b in (${numbers(500_000).map((i) => `'v${i * 3}'`)})`,
  },
  {
    name: 'join of 60 tables',
    text: () =>
      `select count(*) from ${numbers(60).map((i) => `t t${i}`)} where ${numbers(59)
        .map((i) => `t${i}.a = t${i + 1}.a`)
        .join(' and ')} and t0.a = 7`,
  },
  { name: 'INSERT of 16 MB', text: insertText },
  {
    name: '5,000 arms of OR',
    text: () =>
      `select count(*) from t where ${numbers(5000)
        .map((i) => `(a = ${i} and b = 'x${i}')`)
        .join(' or ')}`,
  },
  {
    name: '1,500 columns',
    text: () => `select ${numbers(1500).map((i) => `a + ${i}`)} from t where a = 1`,
  },
  {
    name: '3,000 arms of OR of different shapes',
    text: () =>
      `select count(*) from t where ${numbers(3000)
        .map((i) => `(${condition(i)})`)
        .join(' or ')}`,
  },
  {
    name: 'CASE of 2,000 arms of different shapes',
    text: () =>
      `select sum(case ${numbers(2000)
        .map((i) => `when ${condition(i)} then ${value(i)}`)
        .join(' ')} end) from t`,
  },
  {
    name: '1,600 expressions of different shapes',
    text: () => `select ${numbers(1600).map(value)} from t where a = 1`,
  },
  { name: '1,000 sums', text: () => `select ${numbers(1000).map((i) => `sum(a + ${i})`)} from t` },
  {
    name: 'GROUP BY of 1,000 columns',
    setup: [wideTable('int'), 'insert into wide (c0, c1) select a, a from t'],
    text: () =>
      `select ${numbers(1000).map((i) => `c${i}`)}, count(*) from wide group by ${numbers(1000).map((i) => i + 1)}`,
  },
  {
    name: 'SELECT * of 1,000 columns',
    setup: [wideTable('varchar(20)'), 'insert into wide (c0, c1) select a, a from t'],
    text: () => 'select * from wide where c0 < 100',
  },
  {
    name: 'star join of 100 tables',
    setup: [`create table fact (${numbers(99).map((i) => `k${i} int`)})`, 'insert into fact (k0) select a from t'],
    text: () =>
      `select count(*) from fact, ${numbers(99).map((i) => `t d${i}`)} where ${numbers(99)
        .map((i) => `k${i} = d${i}.a`)
        .join(' and ')}`,
  },
  {
    name: 'UNION ALL of 500 arms',
    text: () =>
      numbers(500)
        .map((i) => `select a, b from t where a = ${i}`)
        .join(' union all '),
  },
  {
    name: '300 scalar subqueries',
    text: () => `select ${numbers(300).map((i) => `(select max(a) from t where a < ${i + 1})`)}`,
  },
  {
    name: 'chain of 200 WITH queries',
    text: () =>
      `with c0 as (select a, b from t), ${numbers(199).map(
        (i) => `c${i + 1} as (select a + 1 as a, b from c${i} where a > ${i})`,
      )} select count(*) from c199`,
  },
  {
    name: 'IN list of 30,000 parameters',
    text: () => `select count(*) from t where a in (${numbers(30_000).map((i) => `$${i + 1}`)})`,
    values: numbers(30_000),
  },
  {
    name: 'INSERT of 20,000 rows of expressions',
    text: () => `insert into target values ${numbers(20_000).map((i) => `(${i} + 1, 'v' || ${i})`)}`,
  },
];

interface Beside {
  readonly ms: number;
  /** Of the point queries, ascending. */
  readonly latencies: readonly number[];
}

async function beside(url: string, work: () => Promise<unknown>): Promise<Beside> {
  const c = await connect(url);
  const point = (): Promise<unknown> => c.query('select b from t where a = 5');
  for (let i = 0; i < 50; i++) await point();
  const latencies: number[] = [];
  let running = true;
  const asking = (async () => {
    const first = performance.now();
    for (let i = 0; running; i++) {
      const due = first + i * EVERY_MS;
      if (performance.now() < due) await sleep(due - performance.now());
      await point();
      latencies.push(performance.now() - due);
    }
  })();
  await sleep(10 * EVERY_MS);
  latencies.length = 0;
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  running = false;
  await asking;
  await c.end();
  return { ms, latencies: latencies.sort((a, b) => a - b) };
}

async function measured({ setup, text, values }: LongStatement): Promise<Beside & { readonly peakMb: number }> {
  const server = await startServer(TREE, ['--nodes', '2', '--slices', '2', '--memory']);
  try {
    const c = await connect(server.url);
    await c.query('create table t (a int, b varchar(20)) distkey(a) sortkey(a)');
    await c.query(`insert into t values ${numbers(1000).map((i) => `(${i}, 'v${i}')`)}`);
    await c.query('create table target (a int, b varchar(40))');
    for (const statement of setup ?? []) await c.query(statement);
    const asked = text();
    const result = await beside(server.url, () => c.query(asked, values && [...values]));
    const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    await c.end();
    return { ...result, peakMb: Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024 };
  } finally {
    await server.stop();
  }
}

export const campaign: Campaign = {
  about: 'point queries beside eighteen kinds of long statements: lists, joins, rows, columns, arms',
  unit: 'rounds',
  trials: 3,
  report: 'LONG-STATEMENTS.md',
  title: 'Long statements',
  run: async ({ trials, log }) => {
    const lines: string[] = [];
    let good = true;
    for (const statement of STATEMENTS) {
      const { name, text } = statement;
      const runs: (Beside & { readonly peakMb: number })[] = [];
      for (let i = 0; i < trials; i++) runs.push(await measured(statement));
      const at = (r: Beside, share: number): number => r.latencies[Math.floor(r.latencies.length * share)] ?? 0;
      const median = (of: (r: (typeof runs)[number]) => number): number =>
        runs.map(of).sort((a, b) => a - b)[runs.length >> 1]!;
      const p95 = median((r) => at(r, 0.95));
      const peak = Math.max(...runs.map((r) => r.peakMb));
      if (p95 >= P95_MS_MAX || peak >= PEAK_MB_MAX) good = false;
      const cells = [
        name,
        `${(text().length / 1e6).toFixed(2)} MB`,
        `${median((r) => r.ms).toFixed(0)} ms`,
        `${median((r) => at(r, 0.5)).toFixed(1)} ms`,
        `${p95.toFixed(1)} ms`,
        `${median((r) => r.latencies.at(-1) ?? 0).toFixed(0)} ms`,
        `${peak.toFixed(0)} MB`,
      ];
      lines.push(`| ${cells.join(' | ')} |`);
      log(lines.at(-1)!);
    }
    return {
      good,
      report: `A server with 2 nodes of 2 slices under \`--memory\`, new for every run; beside the statement another session asks a point query every
${EVERY_MS} ms, and its latencies count from when it was due. Medians of ${trials} rounds; memory is the most the process had. The 95th percentile
shall be below ${P95_MS_MAX} ms and memory below 1.5 GB.

| statement | text | time | point query p50 | p95 | longest | memory |
|---|---|---|---|---|---|---|
${lines.join('\n')}`,
    };
  },
};
