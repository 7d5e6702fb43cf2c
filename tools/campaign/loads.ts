/**
 * Files for COPY, most of them damaged, in every format and compression (test/fuzz/load-files.ts), COPY statements over such files in a
 * cluster, Parquet files beside DuckDB, and requests to the S3 port: none may crash or hang what reads it, leave anything behind, or be
 * loaded as something else than it holds.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../src/common/clock.ts';
import { SqlError } from '../../src/common/errors/sql-error.ts';
import { Prng } from '../../src/common/prng.ts';
import { readParquet } from '../../src/formats/parquet/test-read.ts';
import { Lake } from '../../test/copy/cluster.ts';
import { parquetFiles } from '../../test/fuzz/load-binaries.ts';
import { FORMATS, fuzzFormat, type FormatReport } from '../../test/fuzz/load-files.ts';
import { damage } from '../../test/fuzz/load-trial.ts';
import { fuzzCopies } from '../../test/fuzz/load-statements.ts';
import { fuzzS3 } from '../../test/fuzz/s3-requests.ts';
import type { Campaign } from './campaign.ts';

/** Shares of the inputs, by what an input costs. */
const SHARES: Readonly<Record<string, number>> = {
  delimited: 24,
  csv: 24,
  fixedwidth: 14,
  json: 16,
  avro: 6,
  orc: 1,
  parquet: 3,
  shapefile: 4,
  gzip: 1,
  bzip2: 0.5,
  lzop: 0.5,
  zstd: 1,
  manifest: 3,
  duckdb: 0.5,
  copy: 0.5,
  s3: 1,
};
const HANG_MS = 300_000;
const ORACLES = join(import.meta.dirname, '../../test/oracles');

/** Ends the process when no trial has begun for so long, and says which one it was. */
function watchdog(): { beat(trial: string): void; end(): Promise<number> } {
  const shared = new SharedArrayBuffer(256);
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads'); const { writeSync } = require('node:fs');
     const bytes = new Uint8Array(workerData.shared); let last = ''; let since = Date.now();
     setInterval(() => {
       const now = Buffer.from(bytes).toString().replaceAll('\\0', '');
       if (now !== last) { last = now; since = Date.now(); }
       if (Date.now() - since > workerData.hang) { writeSync(2, 'hangs: ' + last + '\\n'); process.kill(process.pid, 'SIGKILL'); }
     }, 1000).unref();`,
    { eval: true, workerData: { shared, hang: HANG_MS } },
  );
  worker.unref();
  const bytes = new Uint8Array(shared);
  return {
    beat: (trial) => {
      bytes.fill(0);
      bytes.set(Buffer.from(trial).subarray(0, 255));
    },
    end: () => worker.terminate(),
  };
}

interface Part {
  readonly inputs: number;
  readonly text: string;
  readonly judged: number;
  readonly findings: readonly string[];
}
const ofFormat = ({ counts, judged, findings }: FormatReport): Part => ({
  inputs: [...counts.values()].reduce((a, b) => a + b, 0) + findings.length,
  text: [...counts].map(([what, n]) => `${what} ${n}`).join(', '),
  judged,
  findings,
});

/** Damaged Parquet files that both read hold the same. */
async function besideDuckDb(
  seed: number,
  count: number,
  enough: () => boolean,
  beat: (trial: string) => void,
): Promise<Part> {
  if (!existsSync(join(ORACLES, 'node_modules/@duckdb/node-api')))
    return { inputs: 0, text: 'DuckDB is not installed', judged: 0, findings: [] };
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-loads-'));
  const child = spawn(process.execPath, [join(ORACLES, 'duckdb-serve.mjs'), '', ':memory:', '1'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const findings: string[] = [];
  let [both, onlyOurs, onlyTheirs, inputs] = [0, 0, 0, 0];
  try {
    for (; inputs < count && !enough(); inputs++) {
      const own = (Math.imul(seed, 0x9e3779b1) + Math.imul(inputs, 0x85ebca6b)) >>> 0;
      beat(`duckdb ${own}`);
      const prng = new Prng(own);
      const name = prng.pick(parquetFiles);
      const good = readFileSync(join(import.meta.dirname, '../../fixtures/copy/parquet', name));
      const bytes = damage(prng, good, prng.pick([0, Math.max(0, good.length - 600)]));
      const file = join(folder, 'f.parquet');
      writeFileSync(file, bytes);
      const ours = await readParquet(bytes).catch((error: unknown) => {
        if (!(error instanceof SqlError))
          findings.push(`duckdb, seed of the trial ${own}: ${name}: ${String(error)}`);
        return undefined;
      });
      child.stdin.write(`${JSON.stringify({ query: `select * from read_parquet('${file}')` })}\n`);
      const answer = JSON.parse((await lines.next()).value as string) as { rows?: (string | null)[][] };
      const isRead = ours !== undefined && ours.refused.length === 0;
      if (isRead && answer.rows !== undefined) {
        both++;
        const plain = ours.types.map((t) => ['int2', 'int4', 'int8', 'bool', 'varchar', 'date'].includes(t.name));
        const shown = (rows: readonly (readonly (string | null)[])[]): string =>
          JSON.stringify(rows.map((r) => r.filter((_, i) => plain[i])));
        if (
          shown(ours.rows) !== shown(answer.rows) &&
          ours.names.length === (answer.rows[0]?.length ?? ours.names.length)
        )
          findings.push(
            `duckdb, seed of the trial ${own}: ${name} is read otherwise\n${shown(ours.rows).slice(0, 800)}\n${shown(answer.rows).slice(0, 800)}\n${bytes.toString('base64').slice(0, 3000)}`,
          );
      } else if (isRead) onlyOurs++;
      else if (answer.rows !== undefined) onlyTheirs++;
    }
  } finally {
    child.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
  const text = `both read ${both}, refused by one alone: by DuckDB ${onlyOurs}, by us ${onlyTheirs}`;
  return { inputs, text, judged: both, findings };
}

export const campaign: Campaign = {
  about: 'damaged files for COPY in every format and compression, beside other readers, and the S3 port',
  unit: 'inputs',
  trials: 200_000,
  report: 'LOAD-CAMPAIGN.md',
  title: 'Load campaign',
  parts: Object.keys(SHARES),
  run: async ({ seed, trials, only, log }) => {
    const started = systemClock.monotonicMs();
    const names = only ?? Object.keys(SHARES);
    const whole = names.reduce((sum, n) => sum + SHARES[n]!, 0);
    const dog = watchdog();
    // An interrupted campaign tells of what it has done.
    let stopped = false;
    process.once('SIGINT', () => (stopped = true));
    const enough = (): boolean => stopped;
    const parts = new Map<string, Part>();
    const rss: number[] = [];
    for (const name of names) {
      const count = Math.max(1, Math.round((trials * SHARES[name]!) / whole));
      parts.set(name, await runPart(name, seed, count, enough, dog.beat, log));
      const { inputs, text, judged, findings } = parts.get(name)!;
      rss.push(Math.round(process.memoryUsage().rss / 1e6));
      log(`${name}: ${inputs} inputs, ${text}, judged ${judged}, findings ${findings.length}, ${rss.at(-1)} MB`);
      for (const f of findings.slice(0, 3)) writeSync(2, `${f.slice(0, 1500)}\n`);
    }
    await dog.end();
    const minutes = Math.round((systemClock.monotonicMs() - started) / 60_000);
    return {
      good: [...parts.values()].every((p) => p.findings.length === 0),
      report: reportText(parts, minutes, Math.max(...rss)),
    };
  },
};

async function runPart(
  name: string,
  seed: number,
  count: number,
  enough: () => boolean,
  beat: (trial: string) => void,
  log: (line: string) => void,
): Promise<Part> {
  if (name in FORMATS) return ofFormat(await fuzzFormat(name, seed, count, enough, beat));
  if (name === 'duckdb') return besideDuckDb(seed, count, enough, beat);
  if (name === 's3') {
    let asked = 0;
    const said = (line: string): void => {
      beat(`s3 ${asked++}`);
      log(line);
    };
    const { requests, modelled, statuses, findings } = await fuzzS3({
      seed,
      requests: count,
      log: said,
      enough: () => (beat(`s3 ${asked++}`), enough()),
    });
    return { inputs: requests, text: `answers by status: ${[...statuses].length} kinds`, judged: modelled, findings };
  }
  const lake = await Lake.open({ nodes: 1, slices: 2 });
  try {
    const r = await fuzzCopies(lake, seed, count, enough, beat);
    return {
      inputs: r.statements,
      text: `succeeded ${r.loaded}, failed ${r.refused}`,
      judged: r.judged,
      findings: r.findings,
    };
  } finally {
    await lake.close();
  }
}

function reportText(parts: ReadonlyMap<string, Part>, minutes: number, rss: number): string {
  const date = new Date(systemClock.nowMs()).toISOString().slice(0, 10);
  const all = [...parts.values()];
  const total = (of: (p: Part) => number): number => all.reduce((sum, p) => sum + of(p), 0);
  return `Files from a seed, three quarters of them damaged: bytes changed, taken out, doubled, cut off. The load formats read each as a slice
does, whole and in portions, which must give the same; what they read is compared, where there is one, with a second reader: delimited
text, CSV and fixed width with a parser written from the manual (test/fuzz/text-oracle.ts), JSON with JSON.parse, Avro with a plain
decoder, manifests with JSON.parse, compressed files with what was packed, Parquet with DuckDB. \`copy\` is whole COPY statements in a
cluster, whose table is counted and read back; \`s3\` is requests to the S3 port (docs/S3-CAMPAIGN.md says which). A finding is an error that is not
SQL's, a hang, memory or files left behind, or another result.

| part | inputs | what became of them | judged by a second reader | findings |
|---|---|---|---|---|
${[...parts].map(([n, p]) => `| ${n} | ${p.inputs} | ${p.text} | ${p.judged} | ${p.findings.length} |`).join('\n')}
| all | ${total((p) => p.inputs)} | | ${total((p) => p.judged)} | ${total((p) => p.findings.length)} |

${date}, ${minutes} minutes at low priority beside other work, at most ${rss} MB of memory.
${all
  .flatMap((p) => p.findings)
  .slice(0, 20)
  .map((f) => `\n\`\`\`\n${f.slice(0, 2000)}\n\`\`\`\n`)
  .join('')}`;
}
