/**
 * COPY statements over damaged files of every format, from a seed, in a running cluster. A finding is an answer that is the server's own
 * fault, a lost connection, a statement that does not end, a table that a failed COPY changed or that has other rows than COPY told,
 * rows that text-oracle.ts does not read in the file, and files that are left behind.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Prng } from '../../src/common/prng.ts';
import { readParquet } from '../../src/formats/parquet/test-read.ts';
import { CODECS } from '../../src/s3/codecs/registry.ts';
import { formatType } from '../../src/types/sql-type.ts';
import { AUTH, type Lake } from '../copy/cluster.ts';
import { damage } from './load-trial.ts';
import { readAsOracle, Undecided, type OracleFormat } from './text-oracle.ts';

export interface CopyReport {
  statements: number;
  loaded: number;
  refused: number;
  judged: number;
  readonly findings: string[];
}

const fixtures = join(import.meta.dirname, '../../fixtures');
const read = (name: string): Buffer => readFileSync(join(fixtures, name));
const named = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(fixtures, folder)).filter((f) => f.endsWith(ending));
const STATEMENT_MS_MAX = 60_000;
/** What only the server itself can be blamed for. */
const OWN_FAULT =
  /internal error|assert|unreachable|is not a function|of undefined|of null|out of bounds|RangeError/i;
const ORACLE: OracleFormat = {
  kind: 'delimited',
  columns: 2,
  delimiter: 124,
  quote: 34,
  nullText: '\\N',
  escape: false,
  removeQuotes: false,
  ignoreHeader: 0,
  ignoreBlankLines: false,
  emptyAsNull: false,
  blanksAsNull: false,
  trimBlanks: false,
  fillRecord: false,
  widths: [],
};

interface Case {
  readonly columns: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What follows FROM: the key, and the options. */
  readonly key: string;
  readonly options: string;
  readonly maxError: boolean;
  readonly oracle?: OracleFormat;
}

async function caseOf(prng: Prng): Promise<Case> {
  const line = (): string => `${prng.int(0, 999)}|${prng.pick(['x', 'é', '"q"', '\\|', '', '\\N', 'a b'])}`;
  const text = Buffer.from(Array.from({ length: prng.int(1, 20) }, line).join('\n'));
  const bad = damage(prng, text);
  const texts = 'a varchar(65535), b varchar(65535)';
  const one = (bytes: Uint8Array, columns: string, options: string, maxError = true): Case => ({
    columns,
    files: { f: bytes },
    key: 'f',
    options,
    maxError,
  });
  const kind = prng.pick([
    ...['delimited', 'delimited', 'csv', 'csv', 'typed', 'fixedwidth', 'json', 'avro', 'parquet', 'orc', 'shapefile'],
    ...['gzip', 'bzip2', 'lzop', 'zstd', 'manifest'],
  ]);
  switch (kind) {
    case 'delimited':
      return { ...one(bad, texts, ''), oracle: ORACLE };
    case 'csv': {
      const csv = damage(prng, Buffer.from(text.toString().replaceAll('|', ',')));
      return { ...one(csv, texts, 'csv'), oracle: { ...ORACLE, kind: 'csv', delimiter: 44 } };
    }
    case 'typed':
      return one(bad, 'a int, b varchar(5)', prng.pick(['escape', 'removequotes', 'acceptinvchars', 'fillrecord']));
    case 'fixedwidth':
      return one(bad, texts, `fixedwidth 'a:3,b:5'`);
    case 'json': {
      const rows = Array.from({ length: prng.int(1, 9) }, (_, i) => JSON.stringify({ a: i, b: { x: [line()] } }));
      return one(damage(prng, Buffer.from(rows.join('\n'))), 'a int, b super', `json 'auto'`);
    }
    case 'avro': {
      const file = read(`copy/avro/${prng.pick(named('copy/avro', '.avro'))}`);
      return one(damage(prng, file), 'station varchar(20), temp int, time bigint, name super', `avro 'auto'`);
    }
    case 'parquet': {
      for (;;) {
        const file = read(`copy/parquet/${prng.pick(named('copy/parquet', '.parquet'))}`);
        const types = await readParquet(file).then(
          (r) => r.types,
          () => undefined,
        );
        if (types === undefined) continue;
        const columns = types.map((t, i) => `c${i} ${formatType(t)}`).join(', ');
        return one(damage(prng, file, prng.pick([0, file.length - 500])), columns, 'parquet serializetojson', false);
      }
    }
    case 'orc': {
      const [name, columns] = prng.pick([
        ['TestOrcFile.testStripeLevelStats', 'a int, b varchar(100)'],
        ['decimal', 'a numeric(10,5)'],
        ['TestOrcFile.testStringAndBinaryStatistics', 'a varbyte(100), b varchar(100)'],
      ] as const);
      return one(damage(prng, read(`copy/orc/${name}.orc`)), columns, 'orc', false);
    }
    case 'shapefile': {
      const name = prng.pick(named('copy/shapefile', '.shx')).slice(0, -4);
      const files = Object.fromEntries(
        ['shp', 'shx', 'dbf'].map((e) => {
          const bytes = read(`copy/shapefile/${name}.${e}`);
          return [`shape.${e}`, prng.int(0, 1) === 0 ? bytes : damage(prng, bytes)];
        }),
      );
      return {
        columns: 'a geometry, b varchar(1000)',
        files,
        key: 'shape.shp',
        options: 'shapefile',
        maxError: true,
      };
    }
    case 'manifest': {
      const entries = { entries: [{ url: 's3://lake/fuzz/f', mandatory: true }, { url: 's3://lake/fuzz/none' }] };
      const files = { f: text, m: damage(prng, Buffer.from(JSON.stringify(entries))) };
      return { columns: texts, files, key: 'm', options: 'manifest', maxError: true };
    }
    case 'lzop':
      return one(damage(prng, read(`codecs/${prng.pick(named('codecs', '.lzo'))}`)), texts, 'fillrecord lzop');
    default: {
      const packed = await CODECS[kind as 'gzip'].pack!(text);
      return one(damage(prng, packed), texts, `${kind} fillrecord`);
    }
  }
}

/** So many statements; `open` gives another cluster after one that a finding has left in an unknown state. */
export async function fuzzCopies(
  lake: Lake,
  seed: number,
  count: number,
  enough: () => boolean = () => false,
  beat: (trial: string) => void = () => undefined,
): Promise<CopyReport> {
  const report: CopyReport = { statements: 0, loaded: 0, refused: 0, judged: 0, findings: [] };
  await lake.run(`set statement_timeout to ${STATEMENT_MS_MAX}`);
  for (let i = 0; i < count && !enough(); i++) {
    const own = (Math.imul(seed, 0x9e3779b1) + Math.imul(i, 0x85ebca6b)) >>> 0;
    beat(`copy ${own}`);
    const finding = await statement(lake, new Prng(own), report).catch((e: unknown) => `${(e as Error).message}`);
    if (finding !== undefined) report.findings.push(`COPY, seed of the trial ${own}: ${finding}`);
  }
  if (lake.temporaryFiles().length > 0) report.findings.push(`left behind: ${lake.temporaryFiles().join(' ')}`);
  return report;
}

async function statement(lake: Lake, prng: Prng, report: CopyReport): Promise<string | undefined> {
  const { columns, files, key, options, maxError, oracle } = await caseOf(prng);
  for (const [name, bytes] of Object.entries(files)) lake.put(`fuzz/${name}`, bytes);
  await lake.run('drop table if exists fuzzed');
  await lake.run(`create table fuzzed (${columns})`);
  const errors = maxError ? prng.pick(['', 'maxerror 3', 'ignoreallerrors', 'maxerror 100000', 'noload']) : '';
  const sql = `copy fuzzed from 's3://lake/fuzz/${key}' ${AUTH} ${options} ${errors} compupdate off`;
  const text = maxError ? sql : sql.replace(' compupdate off', '');
  const shown = `${text}\n${Object.entries(files)
    .map(([n, b]) => `${n} ${Buffer.from(b).toString('base64').slice(0, 4000)}`)
    .join('\n')}`;
  report.statements++;
  let failure: { readonly code?: string; readonly message: string; readonly detail?: string } | undefined;
  try {
    await lake.run(text);
    report.loaded++;
  } catch (error) {
    failure = error as typeof failure & {};
    report.refused++;
  }
  if (failure !== undefined) {
    const { code = 'lost', message } = failure;
    if (code === 'lost' || /^(57|53|58)/.test(code) || OWN_FAULT.test(message)) return `${code} ${message}\n${shown}`;
  }
  const [rows, told] = await Promise.all([
    lake.value('select count(*) from fuzzed'),
    lake.value('select pg_last_copy_count()'),
  ]);
  const wanted = failure !== undefined || errors === 'noload' ? '0' : told;
  if (rows !== wanted) return `${rows} rows instead of ${wanted}\n${shown}`;
  if (oracle === undefined || failure !== undefined || errors === 'noload') return undefined;
  let records: ReturnType<typeof readAsOracle>;
  try {
    records = readAsOracle(files['f']!, oracle);
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
  const good = records.filter((r): r is readonly (string | null)[] => typeof r !== 'number');
  report.judged++;
  const sorted = (all: readonly (readonly (string | null)[])[]): string =>
    JSON.stringify(all.map((r) => JSON.stringify(r.map((c) => c?.trimEnd() ?? null))).sort());
  const [one, two] = [sorted(await lake.rows('select a, b from fuzzed')), sorted(good)];
  return one === two ? undefined : `another reader reads otherwise\n${one}\n${two}\n${shown}`;
}
