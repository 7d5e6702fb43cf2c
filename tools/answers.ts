/**
 * `npm run answers -- WORKLOAD [QUERY ...]`: runs the queries of a workload (test/WORKLOAD/queries) in DuckDB and PostgreSQL
 * and writes the answers on which both agree to test/WORKLOAD/answers. With --ours Slicehouse answers too, and the times of
 * all stand beside each other: a query that takes far longer here than elsewhere shows a fault of the planner.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { startDuckdb, startPostgresql } from '../test/workloads/oracles.ts';
import { difference } from '../test/workloads/same.ts';
import { WORKLOADS } from '../test/workloads/registry.ts';
import {
  answerPath,
  answerText,
  loadWorkload,
  queriesOf,
  type Query,
  type Rows,
} from '../test/workloads/workload.ts';
import { readCommandLine, refuse } from './command-line.ts';

const TOOL = {
  command: 'npm run answers --',
  operands: 'WORKLOAD [QUERY ...]',
  about: `Writes the expected answers of a workload (${WORKLOADS.map((w) => w.name).join(', ')}): those on which DuckDB and PostgreSQL
agree. A QUERY is a part of a query's name. Exits with 1 when any query has no agreed answer.`,
  options: {
    ours: { doc: 'also ask Slicehouse, compare, and print the times of all' },
    check: { doc: 'write nothing; compare with the answers that are there' },
    runs: { value: 'N', default: '3', doc: 'runs of each query in Slicehouse and DuckDB; the least time counts' },
  },
} as const;
const options = readCommandLine(TOOL);
const [name, ...parts] = options.operands;
const workload = WORKLOADS.find((w) => w.name === name);
if (workload === undefined) refuse(TOOL, `workloads are ${WORKLOADS.map((w) => w.name).join(', ')}; not ${name}`);
const runs = options.count('runs', 1);
const queries = queriesOf(workload.name).filter((q) => parts.length === 0 || parts.some((p) => q.name.includes(p)));

interface Ours {
  ask(query: Query): Promise<{ readonly ms: number; readonly answer: Rows }>;
  close(): Promise<void>;
}
async function startOurs(): Promise<Ours> {
  const { startCluster } = (await import('../dist/index.js' as string)) as typeof import('../src/index.ts');
  const cluster = await startCluster({ nodes: 1, slices: 2, memory: true });
  const client = new pg.Client({
    connectionString: cluster.url,
    types: { getTypeParser: () => (v: unknown) => v } as never,
  });
  await client.connect();
  await loadWorkload(workload!, client, cluster.s3Root);
  return {
    ask: async (query) => {
      const started = performance.now();
      const { fields, rows } = await client.query<(string | null)[]>({ text: query.text, rowMode: 'array' });
      return { ms: performance.now() - started, answer: { columns: fields.map((f) => f.name), rows } };
    },
    close: async () => {
      await client.end();
      await cluster.close();
    },
  };
}

const [duckdb, postgresql] = [await startDuckdb(workload), await startPostgresql(workload)];
const ours = options.has('ours') ? await startOurs() : undefined;
const said: string[] = [];
const say = (query: Query, line: string): void => {
  said.push(query.name);
  process.stdout.write(`${query.name}: ${line}\n`);
};

async function agreed(
  query: Query,
): Promise<{ readonly answer: Rows; readonly times: string; readonly ms: number } | undefined> {
  try {
    const b = await postgresql.ask(query);
    let a = await duckdb.ask(query);
    for (let i = 1; i < (ours === undefined ? 1 : runs); i++) {
      const again = await duckdb.ask(query);
      if (again.ms < a.ms) a = again;
    }
    const wrong = difference(a.answer.rows, b.answer.rows);
    if (wrong !== undefined) return void say(query, `DuckDB and PostgreSQL differ: ${wrong}`);
    return { answer: b.answer, times: `DuckDB ${a.ms.toFixed(0)}, PostgreSQL ${b.ms.toFixed(0)}`, ms: a.ms };
  } catch (error) {
    return void say(query, `fails elsewhere: ${(error as Error).message}`);
  }
}

/** The cells of both are near each other, but a file is only written anew when it says something else. */
function keep(query: Query, answer: Rows): void {
  const path = answerPath(workload!.name, query.name);
  const text = answerText(answer);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  if (options.has('check')) say(query, `the answer in ${path} is another`);
  else writeFileSync(path, text);
}

for (const query of queries) {
  const found = await agreed(query);
  if (found === undefined) continue;
  if (found.answer.rows.length === 0) say(query, 'has no rows');
  if (answerText(found.answer).length > 8192) say(query, 'has a long answer');
  keep(query, found.answer);
  if (ours === undefined) continue;
  try {
    const first = await ours.ask(query);
    const wrong = difference(first.answer.rows, found.answer.rows);
    if (wrong !== undefined) say(query, `OURS DIFFERS: ${wrong}`);
    let best = Infinity;
    for (let i = 0; i < runs; i++) best = Math.min(best, (await ours.ask(query)).ms);
    process.stdout.write(
      `${query.name}\t${found.answer.rows.length} rows\tfirst ${first.ms.toFixed(0)}, then ${best.toFixed(0)} ms; ${found.times}${best > 4 * found.ms + 30 ? '\tSLOW' : ''}\n`,
    );
  } catch (error) {
    say(query, `OURS FAILS: ${(error as { code?: string }).code} ${(error as Error).message}`);
  }
}
process.stdout.write(`${queries.length} queries, ${new Set(said).size} with something to say\n`);
if (said.length > 0) process.exitCode = 1;
for (const engine of [duckdb, postgresql, ours]) await engine?.close();
