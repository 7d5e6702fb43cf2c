/**
 * COPY and UNLOAD of lineitem in every format that DuckDB has too, beside its COPY FROM and COPY TO: the same files, written
 * once by DuckDB; each engine in turn, medians. What was loaded and what was unloaded is compared first: counts, sums, ends.
 */
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createReadStream } from 'node:fs';
import { cpuMs, median, ms, plainColumns, say, type Engine, type Surroundings } from './engine.ts';

const RUNS = 3;
const SMALL_FILES = 10_000;
const SMALL_ROWS = 100;
/** Parts of a compressed or structured load, so that either engine may read them side by side. */
const PARTS = 4;
const HUGE_BYTES = 5e9;
const RESIDENT_EVERY_MS = 200;

const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
const check = (from: string): string =>
  `select count(*), sum(l_orderkey), sum(l_partkey), sum(l_quantity), sum(l_extendedprice), sum(l_tax), cast(min(l_shipdate) as varchar(10)), cast(max(l_receiptdate) as varchar(10)), max(l_comment) from ${from}`;
const numbers = (rows: readonly (readonly (string | null)[])[]): string =>
  JSON.stringify(rows[0]!.map((c) => (c !== null && /^-?[\d.]+$/.test(c) ? Number(c) : c)));

interface Format {
  readonly name: string;
  readonly ours: string;
  readonly duckdb: string;
}
const TEXT = "format csv, delimiter '|', header false, quote ''";
const INTO: readonly Format[] = [
  { name: 'text', ours: "delimiter '|' compupdate off", duckdb: TEXT },
  { name: 'csv', ours: 'csv compupdate off', duckdb: 'format csv, header false' },
  { name: 'gzip', ours: "delimiter '|' gzip compupdate off", duckdb: `${TEXT}, compression gzip` },
  { name: 'json', ours: "json 'auto' compupdate off", duckdb: 'format json' },
  { name: 'parquet', ours: 'format parquet', duckdb: 'format parquet' },
  { name: 'small', ours: "delimiter '|' compupdate off", duckdb: TEXT },
];
const TITLES: Readonly<Record<string, string>> = {
  text: 'text',
  csv: 'CSV',
  gzip: 'GZIP',
  json: 'JSON',
  parquet: 'Parquet',
  small: `${SMALL_FILES} files`,
};

/** Files of every format below `folder`, made once. */
async function prepare(duckdb: Engine, data: string, folder: string): Promise<void> {
  const done = join(folder, 'done');
  if (existsSync(done)) return;
  rmSync(folder, { recursive: true, force: true });
  const at = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  say('files of other formats');
  for (const [name, options] of [
    ['csv', 'format csv, header false'],
    ['json', 'format json'],
    ['parquet', 'format parquet'],
  ] as const)
    for (let part = 0; part < PARTS; part++)
      await duckdb.query(
        `copy (select * from lineitem where l_orderkey % ${PARTS} = ${part}) to ${quoted(join(at(name), `${part}.${name}`))} (${options})`,
      );
  const texts = readdirSync(join(data, 'lineitem'));
  for (const name of texts)
    await pipeline(
      createReadStream(join(data, 'lineitem', name)),
      createGzip({ level: 6 }),
      createWriteStream(join(at('gzip'), `${name}.gz`)),
    );
  const lines = readFileSync(join(data, 'lineitem', texts[0]!), 'latin1')
    .split('\n')
    .filter((text) => text !== '')
    .slice(0, SMALL_FILES * SMALL_ROWS);
  const small = at('small');
  for (let n = 0; n < SMALL_FILES; n++) {
    const rows = lines.slice(n * SMALL_ROWS, (n + 1) * SMALL_ROWS);
    if (rows.length === 0) break;
    await writeFile(join(small, `${String(n).padStart(5, '0')}.tbl`), `${rows.join('\n')}\n`, 'latin1');
  }
  await writeFile(done, '');
}

interface Cost {
  readonly ms: number;
  readonly cpu: number;
}
async function cost(engine: Engine, sql: string): Promise<Cost> {
  const before = cpuMs(engine.pid) ?? 0;
  const { ms: time } = await engine.query(sql);
  return { ms: time, cpu: (cpuMs(engine.pid) ?? 0) - before };
}
const middle = (costs: readonly Cost[]): Cost => ({
  ms: median(costs.map((c) => c.ms)),
  cpu: median(costs.map((c) => c.cpu)),
});
const line = (what: string, ours: readonly Cost[], theirs: readonly Cost[], verdict: string): string => {
  const [a, b] = [middle(ours), middle(theirs)];
  return `${what}: Slicehouse ${ms(a.ms)} ms (processor ${ms(a.cpu)}), DuckDB ${ms(b.ms)} ms (${ms(b.cpu)}): ratio ${(b.ms / a.ms).toFixed(2)}, ${verdict}`;
};

/** `columns`: of lineitem. */
export async function loadLines(
  ours: Engine,
  duckdb: Engine,
  { bucketRoot, bucket }: Surroundings,
  columns: string,
): Promise<readonly string[]> {
  const data = join(bucketRoot, bucket);
  const folder = join(data, 'loads');
  await prepare(duckdb, data, folder);
  const lines: string[] = [];
  for (const { name, ours: options, duckdb: theirs } of INTO) {
    say(`COPY of ${TITLES[name]}`);
    const prefix = name === 'text' ? 'lineitem' : `loads/${name}`;
    const costs: [Cost[], Cost[]] = [[], []];
    let verdict = 'same';
    for (let run = 0; run < RUNS; run++) {
      await ours.query(`create table loaded ${plainColumns(columns)} diststyle even`);
      await duckdb.query(`create table loaded ${plainColumns(columns)}`);
      costs[0].push(
        await cost(ours, `copy loaded from 's3://${bucket}/${prefix}/' iam_role default ${options} statupdate off`),
      );
      costs[1].push(await cost(duckdb, `copy loaded from ${quoted(join(data, prefix, '*.*'))} (${theirs})`));
      if (run === 0) {
        const [mine, other] = [await ours.query(check('loaded')), await duckdb.query(check('loaded'))];
        if (numbers(mine.rows) !== numbers(other.rows)) verdict = 'DIFFERS';
      }
      for (const engine of [ours, duckdb]) await engine.query('drop table loaded');
    }
    lines.push(line(`COPY of ${TITLES[name]}`, ...costs, verdict));
  }
  for (const [name, options, theirs] of [
    ['csv', 'format csv', 'format csv, header false'],
    ['parquet', 'format parquet', 'format parquet'],
  ] as const) {
    say(`UNLOAD to ${TITLES[name]}`);
    const out = join(folder, 'out');
    const costs: [Cost[], Cost[]] = [[], []];
    let verdict = 'same';
    for (let run = 0; run < RUNS; run++) {
      rmSync(out, { recursive: true, force: true });
      mkdirSync(join(out, 'duckdb'), { recursive: true });
      const to = `'s3://${bucket}/loads/out/ours/l'`;
      costs[0].push(await cost(ours, `unload ('select * from lineitem') to ${to} iam_role default ${options}`));
      costs[1].push(await cost(duckdb, `copy lineitem to ${quoted(join(out, 'duckdb', `l.${name}`))} (${theirs})`));
      if (run > 0) continue;
      await duckdb.query(`create table loaded ${plainColumns(columns)}`);
      await duckdb.query(`copy loaded from ${quoted(join(out, 'ours/*'))} (${theirs})`);
      const [mine, other] = [await duckdb.query(check('loaded')), await duckdb.query(check('lineitem'))];
      if (numbers(mine.rows) !== numbers(other.rows)) verdict = 'DIFFERS';
      await duckdb.query('drop table loaded');
    }
    const written = (engine: string): number =>
      readdirSync(join(out, engine)).reduce((sum, f) => sum + statSync(join(out, engine, f)).size, 0) / 1e6;
    const sizes = `${verdict}; ${written('ours').toFixed(0)} and ${written('duckdb').toFixed(0)} MB`;
    lines.push(line(`UNLOAD to ${TITLES[name]}`, ...costs, sizes));
    rmSync(out, { recursive: true, force: true });
  }
  return lines;
}

/** Resident memory of a process, in MB. */
const resident = (pid: number | undefined): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return NaN;
  }
};

/** One object of 5 GB: its time, and by how much the process grew meanwhile. */
export async function hugeLine(ours: Engine, { bucketRoot, bucket }: Surroundings, columns: string): Promise<string> {
  const data = join(bucketRoot, bucket);
  const file = join(data, 'loads/huge/lineitem.tbl');
  if (!existsSync(file)) {
    say('an object of 5 GB');
    mkdirSync(join(data, 'loads/huge'), { recursive: true });
    const texts = readdirSync(join(data, 'lineitem')).map((name) => join(data, 'lineitem', name));
    const bytes = texts.reduce((sum, text) => sum + statSync(text).size, 0);
    const times = Math.ceil(HUGE_BYTES / bytes);
    const all = async function* (): AsyncGenerator<Buffer> {
      for (let n = 0; n < times; n++) for (const text of texts) yield* createReadStream(text);
    };
    await pipeline(Readable.from(all()), createWriteStream(file));
  }
  await ours.query(`create table huge ${plainColumns(columns)} diststyle even`);
  const before = resident(ours.pid);
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, resident(ours.pid))), RESIDENT_EVERY_MS);
  try {
    const { ms: time, cpu } = await cost(
      ours,
      `copy huge from 's3://${bucket}/loads/huge/' iam_role default delimiter '|' compupdate off statupdate off`,
    );
    const size = statSync(file).size / 1e6;
    return `COPY of one object of ${size.toFixed(0)} MB: ${ms(time)} ms = ${((size * 1000) / time).toFixed(0)} MB/s (processor ${ms(cpu)}), resident memory from ${before.toFixed(0)} to ${peak.toFixed(0)} MB`;
  } finally {
    clearInterval(timer);
    await ours.query('drop table huge');
  }
}
