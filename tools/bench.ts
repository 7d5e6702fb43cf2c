/**
 * `npm run bench`: measures the built server (one node, as many slices as cores) beside DuckDB, and when asked PostgreSQL and
 * another commit of Slicehouse, on the same data and cores in one run. Results are compared before anything is timed, and
 * the engines take turns run by run, since a machine's state moves every figure. Data, DuckDB and other builds are made
 * on first use below node_modules/.cache and test/oracles.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { TPCH_TABLES, sameCell } from '../test/tpch/schema.ts';
import {
  ANALYTICS_GROUPS,
  ANALYTICS_NAMES,
  analyticsText,
  documentsTable,
  groupOf,
  namesOf,
} from './bench/analytics.ts';
import { buildAt, type OtherBuild } from './bench/build-at.ts';
import { apiLines } from './bench/api.ts';
import { startDuckdb } from './bench/duckdb.ts';
import { cpuMs, median, ms, say, type Engine, type Rows, type Surroundings } from './bench/engine.ts';
import { heavyLines } from './bench/heavy.ts';
import { latencyLines, startLine } from './bench/latency.ts';
import { hugeLine, loadLines } from './bench/loads.ts';
import { startPostgres } from './bench/postgres.ts';
import { meanLine, queryTable, slower, type QueryFigures } from './bench/report.ts';
import { startSlicehouse, type SlicehouseEngine } from './bench/slicehouse.ts';
import { readCommandLine, refuse } from './command-line.ts';

const root = join(import.meta.dirname, '..');
const CACHE = join(root, 'node_modules/.cache/slicehouse-bench');
/** By how much a query must be slower than another build in the middle round to be called slower. */
const SLOWER_SHARE = 0.05;
const TOOL = {
  command: 'npm run bench --',
  about:
    'Times TPC-H queries, COPY, start-up and round trips beside DuckDB on the same data and cores; results are compared\n' +
    'first. Above 1, a ratio says that Slicehouse is faster. Exits with 1 when a result differs or a query fails.',
  options: {
    sf: { value: 'N', default: '1', doc: 'scale factor of TPC-H' },
    queries: {
      value: 'LIST',
      default: '01,03,06,12,18',
      doc: 'query numbers, all, analytics, or names of its groups and queries',
    },
    runs: { value: 'N', default: '5', doc: 'hot runs of a query in each round' },
    rounds: { value: 'N', default: '1', doc: 'how often everything is started, loaded and run anew' },
    slices: { value: 'N', default: String(availableParallelism()), doc: 'slices, and threads of the others' },
    'node-memory': { value: 'MB', doc: 'memory of a node of ours; what does not fit goes to disk' },
    against: { value: 'REV', doc: 'also build this commit aside and let it take turns' },
    postgres: { doc: 'also PostgreSQL, where it is installed' },
    quick: { doc: 'leave out start-up, round trips and the drain' },
    heavy: {
      doc: 'also point queries beside a sort, a hash build, groups, COPY and VACUUM, and how soon these hear a cancel',
    },
    loads: { doc: 'also COPY and UNLOAD of lineitem in every format that DuckDB has too, and of 10,000 small files' },
    huge: { doc: 'also COPY of one object of 5 GB, and what memory it takes' },
    api: { doc: 'only the in-process API: start, reset(), fork(), a vitest file' },
    save: { doc: 'write the figures to docs/BENCHMARKS.md' },
  },
} as const;
const options = readCommandLine(TOOL);
const sf = options.text('sf') as string;
if (!(Number(sf) > 0)) refuse(TOOL, `--sf must be a positive number, not ${JSON.stringify(sf)}`);
const runs = options.count('runs', 1);
const rounds = options.count('rounds', 1);
const threads = options.count('slices', 1);
const ALL = Array.from({ length: 22 }, (_, i) => String(i + 1).padStart(2, '0'));
const queries = (options.text('queries') as string).split(',').flatMap((text): readonly string[] => {
  const name = text.trim();
  if (name === 'all') return ALL;
  return name === 'analytics' || ANALYTICS_GROUPS.includes(name) ? namesOf(name) : [name.padStart(2, '0')];
});
const unknown = queries.filter((q) => !ALL.includes(q) && !ANALYTICS_NAMES.includes(q));
if (unknown.length > 0)
  refuse(
    TOOL,
    `--queries knows 1 to 22, all, analytics, ${ANALYTICS_GROUPS.join(', ')} and their queries, not ${unknown.join(', ')}`,
  );
const surroundings: Surroundings = {
  bucketRoot: CACHE,
  bucket: `tpch-sf${sf}`,
  threads,
  nodeMemory: options.text('node-memory'),
};
const data = join(CACHE, surroundings.bucket);
const isOurs = (engine: Engine): boolean => 'server' in engine;
const queryText = (query: string, engine: Engine): string =>
  analyticsText(query, isOurs(engine)) ?? readFileSync(join(data, 'queries', `q${query}.sql`), 'utf8');

const printed: string[] = [];
function print(line: string): void {
  printed.push(line);
  process.stdout.write(`${line}\n`);
}

function prepare(): void {
  const oracles = join(root, 'test/oracles');
  if (!existsSync(join(oracles, 'node_modules/duckdb-tpch'))) {
    say('npm ci in test/oracles');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], {
      cwd: oracles,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
  }
  if (existsSync(join(data, 'queries/q22.sql'))) return;
  say(`TPC-H data at scale ${sf}`);
  mkdirSync(data, { recursive: true });
  execFileSync(process.execPath, [join(oracles, 'tpch-data.mjs'), data, sf, String(Math.max(4, threads))], {
    stdio: ['ignore', 2, 2],
  });
}

const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, f) => sum + (statSync(join(folder, f)).isFile() ? statSync(join(folder, f)).size : 0),
    0,
  );
const same = (a: Rows, b: Rows): boolean =>
  a.length === b.length && a.every((row, i) => row.every((cell, j) => sameCell(cell, b[i]?.[j] ?? null)));

/** Load times in milliseconds: engine name to table to one entry a round. */
const loads = new Map<string, Map<string, number[]>>();
async function load(engine: Engine): Promise<void> {
  say(`COPY into ${engine.name}`);
  const times = loads.get(engine.name) ?? new Map<string, number[]>();
  loads.set(engine.name, times);
  for (const [table, columns] of TPCH_TABLES)
    times.set(table, [...(times.get(table) ?? []), await engine.load(table, columns)]);
  if (queries.some((q) => groupOf(q) === 'documents')) await engine.query(documentsTable(isOurs(engine)));
  await engine.loaded();
}

interface Gathered {
  readonly rounds: Map<string, number[][]>;
  /** Per engine, per round: processor time of all timed runs. */
  readonly cpu: Map<string, number[]>;
  verdict: string;
}
/** A first run of each engine for the results, then the timed runs, in turns. */
async function runQuery(number: string, engines: readonly Engine[], into: Gathered): Promise<void> {
  const results = new Map<string, Rows>();
  for (const engine of engines) {
    try {
      results.set(engine.name, (await engine.query(queryText(number, engine))).rows);
    } catch (error) {
      into.verdict = `${engine.name} failed: ${(error as Error).message}`;
    }
  }
  const oracle = results.get('DuckDB');
  const differs = [...results]
    .filter(([, rows]) => oracle !== undefined && !same(rows, oracle))
    .map(([name]) => name);
  if (differs.length > 0) into.verdict = `DIFFERS: ${differs.join(', ')}`;
  const times = new Map([...results.keys()].map((name) => [name, [] as number[]]));
  const cpu = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    // Each begins in turn: whoever follows another engine finds its caches cold.
    const turn = run % engines.length;
    for (const engine of [...engines.slice(turn), ...engines.slice(0, turn)]) {
      const list = times.get(engine.name);
      if (list === undefined) continue;
      const before = cpuMs(engine.pid);
      list.push((await engine.query(queryText(number, engine))).ms);
      const after = cpuMs(engine.pid);
      if (before !== undefined && after !== undefined)
        cpu.set(engine.name, (cpu.get(engine.name) ?? 0) + after - before);
    }
  }
  for (const [name, total] of cpu) into.cpu.set(name, [...(into.cpu.get(name) ?? []), total]);
  for (const [name, list] of times) into.rounds.set(name, [...(into.rounds.get(name) ?? []), list]);
}

async function round(
  index: number,
  other: OtherBuild | undefined,
  gathered: ReadonlyMap<string, Gathered>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-bench-'));
  const engines: Engine[] = [];
  const start = async (name: string, tree: string): Promise<SlicehouseEngine> => {
    const engine = await startSlicehouse(name, tree, surroundings, join(folder, name));
    engines.push(engine);
    return engine;
  };
  try {
    const ours = await start('Slicehouse', root);
    if (other !== undefined) await start(other.name, other.tree);
    engines.push(startDuckdb(surroundings, folder));
    const postgres = options.has('postgres') ? await startPostgres(surroundings) : undefined;
    if (postgres !== undefined) engines.push(postgres);
    // Loading begins with another engine in each round: the first finds files that are in no cache.
    const first = index % engines.length;
    for (const engine of [...engines.slice(first), ...engines.slice(0, first)]) await load(engine);
    if (index === 0) {
      const bytes = (path: string): string => `${(folderBytes(path) / 1e6).toFixed(0)} MB`;
      const duck = statSync(join(folder, 'duckdb.db')).size / 1e6;
      print(`- on disk: Slicehouse ${bytes(join(ours.dataDir, 'slices'))}, DuckDB ${duck.toFixed(0)} MB`);
    }
    for (const number of queries) {
      say(`round ${index + 1} of ${rounds}, query ${number}`);
      await runQuery(number, engines, gathered.get(number)!);
    }
    const duckdb = engines.find((e) => e.name === 'DuckDB')!;
    const lineitem = TPCH_TABLES.find(([table]) => table === 'lineitem')![1];
    if (index === 0 && options.has('loads'))
      for (const line of await loadLines(ours, duckdb, surroundings, lineitem)) print(`- ${line}`);
    if (index === 0 && options.has('huge')) print(`- ${await hugeLine(ours, surroundings, lineitem)}`);
    if (index === 0 && !options.has('quick')) for (const line of await latencyLines(ours.server)) print(`- ${line}`);
    if (index === 0 && options.has('heavy'))
      for (const line of await heavyLines(ours.server, surroundings.bucket)) print(`- ${line}`);
  } finally {
    for (const engine of engines) await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function printLoads(): void {
  const total = (times: ReadonlyMap<string, readonly number[]>): number =>
    [...times.values()].reduce((sum, list) => sum + median(list), 0);
  const megabytes = folderBytes(join(data, 'lineitem')) / 1e6;
  for (const [name, times] of loads) {
    const lineitem = median(times.get('lineitem') as number[]);
    print(
      `- COPY into ${name}${name === 'Slicehouse' ? ', sorted and analysed' : ''}: lineitem (${megabytes.toFixed(0)} MB) ${ms(lineitem)} ms = ` +
        `${((megabytes * 1000) / lineitem).toFixed(0)} MB/s; all tables ${ms(total(times))} ms`,
    );
  }
}

async function main(): Promise<void> {
  if (options.has('api')) {
    for (const line of await apiLines()) print(`- ${line}`);
    return;
  }
  const against = options.text('against');
  const other = against === undefined ? undefined : buildAt(against);
  prepare();
  print(
    `TPC-H at scale ${sf}; one node of ${threads} slices, ${threads} threads for the others; ${rounds} round(s) of ${runs} hot runs in turns; ` +
      `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n`,
  );
  if (!options.has('quick')) print(`- ${await startLine(root, threads)}`);
  const gathered = new Map(
    queries.map((q): [string, Gathered] => [q, { rounds: new Map(), cpu: new Map(), verdict: 'same' }]),
  );
  for (let index = 0; index < rounds; index++) await round(index, other, gathered);
  printLoads();
  const figures: QueryFigures[] = [...gathered].map(([query, g]) => ({ query, ...g }));
  print('');
  const engines = [...loads.keys()];
  for (const line of queryTable(figures, engines)) print(line);
  for (const group of ANALYTICS_GROUPS) {
    const own = figures.filter((f) => groupOf(f.query) === group);
    if (own.length > 0) print(meanLine(own, engines[0]!, 'DuckDB').replace(' queries', ` of ${group}`));
  }
  if (other !== undefined) {
    const worse = slower(figures, 'Slicehouse', other.name, SLOWER_SHARE);
    print(
      worse.length === 0
        ? `- no query is slower than ${other.name} in every round by more than ${SLOWER_SHARE * 100} %`
        : `- slower than ${other.name} in every round: ${worse.join('; ')}`,
    );
  }
  if (options.has('save')) save(other);
  if (figures.some((f) => f.verdict !== 'same')) process.exitCode = 1;
}

function save(other: OtherBuild | undefined): void {
  const command = ['npm run bench --', ...process.argv.slice(2).filter((a) => a !== '--save')].join(' ');
  const text = [
    '# Benchmarks',
    '',
    `Written by \`${command} --save\`. The engines ran in turns on the same cores and data, and their results were equal before`,
    'they were timed. A ratio is the other engine’s best time over ours: above 1, Slicehouse is faster. With several rounds, each of',
    'which starts and loads every engine anew, a ratio is the median of the rounds, its smallest and largest in brackets.',
    ...(other === undefined ? [] : [`\`${other.name}\` is Slicehouse at that commit.`]),
    '',
    ...printed,
    '',
  ];
  writeFileSync(join(root, 'docs/BENCHMARKS.md'), text.join('\n'));
}

await main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
