/**
 * Random queries over SUPER documents against PostgreSQL's jsonb: on one slice and on four, in batches of a few rows, and where
 * every row spills. Skipped with the reason where PostgreSQL cannot be started. SEEDS=n runs more of them.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../../src/common/prng.ts';
import { judge, lines } from './compare.ts';
import { Engine, startPostgres, type Answer, type Oracle } from './engines.ts';
import { documentRows, superQuery, type SuperQuery } from './super.ts';

interface RunningCluster {
  readonly url: string;
  close(): Promise<void>;
}
type StartCluster = (options: { readonly [name: string]: unknown }) => Promise<RunningCluster>;

const root = join(import.meta.dirname, '../..');
const ORACLE_PORT = 15537;
const SEEDS = Number(process.env['SEEDS'] ?? '3');
const QUERIES = 30;
const CONFIGURATIONS = [
  { nodes: 1, slices: 1 },
  { nodes: 2, slices: 2 },
  { nodes: 2, slices: 2, testing: { spillRows: 5 } },
];
const STYLES = ['diststyle even', 'distkey(g)', 'diststyle all'];
/** jsonb prints blanks behind its separators. */
const compact = (answer: Answer, { types }: SuperQuery): Answer =>
  answer.kind === 'error'
    ? answer
    : {
        ...answer,
        rows: answer.rows.map((row) =>
          row.map((v, i) => (types[i] === 'json' ? (v?.replace(/([:,]) /g, '$1') ?? null) : v)),
        ),
      };

describe('random queries over documents give what PostgreSQL gives', () => {
  let oracle: Oracle | string = 'not started';
  const clusters: RunningCluster[] = [];

  beforeAll(async () => {
    oracle = await startPostgres(ORACLE_PORT);
    if (typeof oracle === 'string') return;
    const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
    await buildAll();
    const { startCluster } = (await import(join(root, 'dist/index.js'))) as { readonly startCluster: StartCluster };
    for (const options of CONFIGURATIONS) clusters.push(await startCluster({ ...options, memory: true }));
  }, 120_000);
  afterAll(async () => {
    for (const c of clusters) await c.close();
    if (typeof oracle !== 'string') await oracle.stop();
  });

  test(`${SEEDS} seeds of ${QUERIES} queries`, { timeout: 60_000 * SEEDS }, async (context) => {
    if (typeof oracle === 'string') return context.skip(oracle);
    const expected = new Engine('oracle', oracle.url);
    const ours = clusters.map((c, i) => new Engine(JSON.stringify(CONFIGURATIONS[i]), c.url));
    const wrong: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Prng(seed);
      const [rows, theirRows] = documentRows(random, random.pick([1, 30, 300]));
      for (const engine of [expected, ...ours]) await engine.run('drop table docs');
      for (const engine of [expected, ...ours]) {
        const isTheirs = engine === expected;
        const type = isTheirs ? 'jsonb' : 'super';
        const style = isTheirs ? '' : random.pick(STYLES);
        await engine.run('drop table texts');
        await engine.mustRun('create table texts (id int, g int, t varchar(65535))');
        await engine.mustRun(isTheirs ? theirRows : rows);
        await engine.mustRun(`create table docs (id int, g int, s ${type}) ${style}`);
        await engine.mustRun(`insert into docs select id, g, ${isTheirs ? 't::jsonb' : 'json_parse(t)'} from texts`);
      }
      for (let i = 0; i < QUERIES; i++) {
        const query = superQuery(random);
        const { ours: sql, types, ordered } = query;
        const want = compact(await expected.mustRun(query.theirs), query);
        for (const engine of ours) {
          const got = await engine.run(sql);
          if (judge(got, want, types, ordered) === 'same') continue;
          const [a, b] = [lines(got, types, ordered), lines(want, types, ordered)];
          const at = a.findIndex((line, row) => line !== b[row]);
          wrong.push(`seed ${seed} ${engine.name}\n${sql}\n ours ${a[at]}\n want ${b[at]} (${query.theirs})`);
        }
      }
    }
    for (const engine of [expected, ...ours]) await engine.close();
    expect(wrong.slice(0, 5).join('\n')).toBe('');
  });
});
