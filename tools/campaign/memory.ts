/**
 * Memory of the server's process under many statements: after a warm-up, so many repeated ones and so many that differ in
 * their shape or in their literals must leave it where it was.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { connect, startServer } from '../bench/slicehouse.ts';
import type { Campaign } from './campaign.ts';

const TREE = join(import.meta.dirname, '../..');
const ADDED_MB_MAX = 100;
/** Share of the statements that warm the server up. */
const WARM_UP = 0.25;
const EXPRESSIONS = [
  'k',
  'v',
  'k + v',
  'k * v',
  'k - v',
  'v - k',
  'k / 7',
  'v % 3',
  'abs(k)',
  'abs(v)',
  '- k',
  '- v',
  'k * k',
  'v * v',
  'k | v',
  'k & v',
];

type Statement = (i: number) => Promise<unknown>;

const megabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

function repeated(c: pg.Client): readonly Statement[] {
  return [
    () => c.query('select a.v, count(*) from a join b on a.k = b.k group by a.v order by 1'),
    () => c.query('select s from a where k = 17'),
    () => c.query("insert into i values (1, 'one')"),
    (i) => c.query({ name: 'insert', text: 'insert into i values ($1, $2)', values: [i, `n${i}`] }),
    () => c.query('update b set w = w + 1 where k = 3'),
  ];
}
/** `round` keeps the statements of two rounds apart. */
function distinct(c: pg.Client, round: number): readonly Statement[] {
  const shape = (i: number): string => {
    let rest = i + round * 20_000;
    const items = Array.from({ length: 4 }, () => {
      const e = EXPRESSIONS[rest % EXPRESSIONS.length];
      rest = Math.floor(rest / EXPRESSIONS.length);
      return `sum(${e})`;
    });
    return `select ${items.join(', ')} from a where v > ${i % 5}`;
  };
  return [
    (i) => c.query(shape(i)),
    (i) => c.query(`select count(*), max('t${round}_${i}') from a where k > ${i} and s <> 'q${round}_${i}'`),
  ];
}

async function run(statements: readonly Statement[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) await statements[i % statements.length]!(i);
}

export const campaign: Campaign = {
  about: 'memory of the process after a warm-up, so many repeated and so many distinct statements',
  unit: 'statements of each kind',
  trials: 20_000,
  report: 'MEMORY-CAMPAIGN.md',
  title: 'Memory campaign',
  run: async ({ trials, log }) => {
    const server = await startServer(TREE, ['--nodes', '2', '--slices', '2', '--memory']);
    try {
      const c = await connect(server.url);
      const marks: { readonly what: string; readonly mb: number }[] = [];
      const mark = (what: string): void => {
        const mb = megabytes(server.child.pid!);
        marks.push({ what, mb });
        log(`${what}: ${mb.toFixed(0)} MB`);
      };
      mark('start');
      await c.query('create table a (k int, v int, s varchar(20)) distkey(k)');
      await c.query('create table b (k int, w int) distkey(w)');
      await c.query('create table i (a int, b varchar(40))');
      const rows = Array.from({ length: 1000 }, (_, i) => i);
      await c.query(`insert into a values ${rows.map((i) => `(${i}, ${i % 7}, 's${i}')`).join()}`);
      await c.query(`insert into b values ${rows.map((i) => `(${i}, ${i % 11})`).join()}`);
      await run(repeated(c), Math.ceil(trials * WARM_UP));
      await run(distinct(c, 0), Math.ceil(trials * WARM_UP));
      mark('after the warm-up');
      for (let part = 1; part <= 4; part++) {
        await run(repeated(c), Math.ceil(trials / 4));
        mark(`${Math.ceil((trials * part) / 4)} repeated`);
      }
      for (let part = 1; part <= 4; part++) {
        await run(distinct(c, part), Math.ceil(trials / 4));
        mark(`${Math.ceil((trials * part) / 4)} distinct`);
      }
      await c.end();
      const warm = marks[1]!.mb;
      const added = Math.max(...marks.slice(2).map((m) => m.mb)) - warm;
      const lines = marks.map((m) => `| ${m.what} | ${m.mb.toFixed(0)} MB |`);
      return {
        good: added < ADDED_MB_MAX,
        report: `A server with 2 nodes of 2 slices under \`--memory\`, one session. Repeated: a join with GROUP BY, a point query, a one-row INSERT, a prepared
one, an UPDATE. Distinct: half differ in their expressions, half in their literals. The warm-up is a quarter of each. Memory is the resident set
of the process; no more than ${ADDED_MB_MAX} MB may come on top behind the warm-up.

| | |
|---|---|
${lines.join('\n')}
| most added behind the warm-up | ${added.toFixed(0)} MB |`,
      };
    } finally {
      await server.stop();
    }
  },
};
