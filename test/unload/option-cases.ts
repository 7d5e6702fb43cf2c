/**
 * Every option of UNLOAD beside every format, as the manual has them: where it works, what it does not go with, and what it makes of
 * the files. The statements are made of it by option-pairs.test.ts. Written from the manual, and on purpose not from the leader's
 * option table.
 */
export const FORMATS = ['text', 'csv', 'fixedwidth', 'json', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

/** A row of the table that is unloaded; undefined is NULL. */
export interface Row {
  readonly a: number;
  readonly b: string | undefined;
  readonly n: string | undefined;
  readonly f: boolean | undefined;
  readonly p: string | undefined;
  readonly q: number | undefined;
}
export type Column = keyof Row;
export const COLUMNS: readonly Column[] = ['a', 'b', 'n', 'f', 'p', 'q'];
/** Of VERBOSE manifests. */
export const TYPES: Readonly<Record<Column, object>> = {
  a: { base: 'integer' },
  b: { base: 'character varying', max_length: 24 },
  n: { base: 'numeric', precision: 6, scale: 2 },
  f: { base: 'boolean' },
  p: { base: 'character varying', max_length: 10 },
  q: { base: 'smallint' },
};
const row = (a: number, b?: string, n?: string, f?: boolean, p?: string, q?: number): Row => ({ a, b, n, f, p, q });
export const ROWS: readonly Row[] = [
  row(1, 'x|y;z,w', '1.50', true, 'eu', 1),
  row(2, 'say "hi" \'ho\'', undefined, false, 'a/b', 2),
  row(3),
  row(4, '', '-0.05', true, '', 1),
  row(5, 'two\nlines\rback\\slash', '9999.99', false, 'é %', 2),
  row(6, 'nil', '0.00', undefined, 'eu', undefined),
  row(7, '日本 \u0001', '3.00', true, 'eu', 1),
];

/** What the options together make of the files. */
export interface Effect {
  delimiter?: string;
  nullText?: string;
  header?: true;
  quotes?: true;
  escape?: true;
  codec?: 'gzip' | 'bzip2' | 'zstd';
  extension?: string;
  manifest?: 'plain' | 'verbose';
  partition?: readonly Column[];
  include?: true;
  serial?: true;
  /** What lies there already goes, or stays. */
  existing?: 'replaced' | 'cleaned';
  encryption?: 'AES256' | 'aws:kms' | 'bucket' | 'client';
}
export interface Option {
  readonly name: string;
  /** Ways to write it. */
  readonly texts: readonly string[];
  readonly works: readonly Format[];
  /** Names of options it does not go with. */
  readonly not?: readonly string[];
  readonly effect: Effect;
}

export const MASTER_KEY = 'ABEiM0RVZneImaq7zN3u/wEjRWeJq83vASNFZ4mrze8=';
const KMS_KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const LINES: readonly Format[] = ['text', 'csv'];
const TEXT: readonly Format[] = [...LINES, 'fixedwidth'];
const PACKED: readonly Format[] = [...TEXT, 'json'];
const ALL: readonly Format[] = FORMATS;
const others = (names: readonly string[], name: string): readonly string[] => names.filter((n) => n !== name);
const CODECS = ['GZIP', 'BZIP2', 'ZSTD'] as const;
const ENCRYPTIONS = ['ENCRYPTED', 'ENCRYPTED AUTO', 'KMS_KEY_ID', 'MASTER_SYMMETRIC_KEY'];
const PARTITIONS = ['PARTITION BY', 'PARTITION BY two', 'INCLUDE'];

export const UNLOAD_OPTION_CASES: readonly Option[] = [
  // How a row is written
  {
    name: 'DELIMITER',
    texts: [`delimiter ';'`, `delimiter as ';'`, `delimiter '\\073'`],
    works: LINES,
    effect: { delimiter: ';' },
  },
  { name: 'ADDQUOTES', texts: ['addquotes'], works: ['text'], effect: { quotes: true } },
  { name: 'ESCAPE', texts: ['escape'], works: ['text'], effect: { escape: true } },
  { name: 'NULL', texts: [`null as 'nil'`, `null 'nil'`], works: TEXT, effect: { nullText: 'nil' } },
  { name: 'HEADER', texts: ['header'], works: LINES, effect: { header: true } },
  // Which files there are
  ...CODECS.map((name): Option => ({
    name,
    texts: [name.toLowerCase()],
    works: PACKED,
    not: others(CODECS, name),
    effect: { codec: name.toLowerCase() as 'gzip' },
  })),
  {
    name: 'EXTENSION',
    texts: [`extension 'x.y'`, `extension as 'x.y'`],
    works: ALL,
    effect: { extension: '.x.y' },
  },
  {
    name: 'PARTITION BY',
    texts: ['partition by (p)'],
    works: ALL,
    not: others(PARTITIONS, 'PARTITION BY'),
    effect: { partition: ['p'] },
  },
  {
    name: 'PARTITION BY two',
    texts: ['partition by (q, p)'],
    works: ALL,
    not: others(PARTITIONS, 'PARTITION BY two'),
    effect: { partition: ['q', 'p'] },
  },
  {
    name: 'INCLUDE',
    texts: ['partition by (f) include'],
    works: ALL,
    not: others(PARTITIONS, 'INCLUDE'),
    effect: { partition: ['f'], include: true },
  },
  { name: 'MANIFEST', texts: ['manifest'], works: ALL, not: ['VERBOSE'], effect: { manifest: 'plain' } },
  { name: 'VERBOSE', texts: ['manifest verbose'], works: ALL, not: ['MANIFEST'], effect: { manifest: 'verbose' } },
  {
    name: 'PARALLEL ON',
    texts: ['parallel', 'parallel on', 'parallel true'],
    works: ALL,
    not: ['PARALLEL OFF'],
    effect: {},
  },
  {
    name: 'PARALLEL OFF',
    texts: ['parallel off', 'parallel false'],
    works: ALL,
    not: ['PARALLEL ON'],
    effect: { serial: true },
  },
  // Nothing here is as large.
  {
    name: 'MAXFILESIZE',
    texts: ['maxfilesize 5', 'maxfilesize as 5.5 mb', 'maxfilesize 6.2 gb'],
    works: ALL,
    effect: {},
  },
  {
    name: 'ROWGROUPSIZE',
    texts: ['rowgroupsize 32', 'rowgroupsize as 128 mb'],
    works: ['parquet'],
    effect: {},
  },
  { name: 'REGION', texts: [`region 'us-east-1'`, `region as 'us-east-1'`], works: ALL, effect: {} },
  // What lies there
  {
    name: 'ALLOWOVERWRITE',
    texts: ['allowoverwrite'],
    works: ALL,
    not: ['CLEANPATH'],
    effect: { existing: 'replaced' },
  },
  { name: 'CLEANPATH', texts: ['cleanpath'], works: ALL, not: ['ALLOWOVERWRITE'], effect: { existing: 'cleaned' } },
  // Encryption
  {
    name: 'ENCRYPTED',
    texts: ['encrypted'],
    works: PACKED,
    not: others(ENCRYPTIONS, 'ENCRYPTED'),
    effect: { encryption: 'AES256' },
  },
  {
    name: 'ENCRYPTED AUTO',
    texts: ['encrypted auto'],
    works: ALL,
    not: others(ENCRYPTIONS, 'ENCRYPTED AUTO'),
    effect: { encryption: 'bucket' },
  },
  {
    name: 'KMS_KEY_ID',
    texts: [`encrypted kms_key_id '${KMS_KEY}'`, `kms_key_id as '${KMS_KEY}' encrypted`],
    works: ALL,
    not: others(ENCRYPTIONS, 'KMS_KEY_ID'),
    effect: { encryption: 'aws:kms' },
  },
  {
    name: 'MASTER_SYMMETRIC_KEY',
    texts: [`encrypted master_symmetric_key '${MASTER_KEY}'`, `master_symmetric_key as '${MASTER_KEY}' encrypted`],
    works: PACKED,
    not: others(ENCRYPTIONS, 'MASTER_SYMMETRIC_KEY'),
    effect: { encryption: 'client' },
  },
];

/** Room for every value, and for the text of NULL. */
const WIDTHS: Readonly<Record<Column, number>> = { a: 4, b: 24, n: 8, f: 3, p: 10, q: 4 };
export const writtenColumns = (effect: Effect): readonly Column[] =>
  COLUMNS.filter((c) => effect.include || !effect.partition?.includes(c));
/** The words that choose the format, in several ways. */
export function formatTexts(format: Format, effect: Effect): readonly string[] {
  if (format === 'text') return ['', 'format text', 'format as text'];
  if (format !== 'fixedwidth') return [format, `format ${format}`, `format as ${format}`];
  const columns = writtenColumns(effect);
  const spec = columns.map((c) => `${c}:${WIDTHS[c]}`).join(',');
  return [`fixedwidth '${spec}'`, `fixedwidth as '${columns.map((c) => WIDTHS[c]).join(',')}'`];
}

const textOf = (row: Row, column: Column): string | undefined => {
  const value = row[column];
  return value === undefined ? undefined : typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
};
const delimiterOf = (format: Format, effect: Effect): string => effect.delimiter ?? (format === 'csv' ? ',' : '|');

function field(format: Format, effect: Effect, column: Column, text: string | undefined): string {
  if (text === undefined) return effect.nullText ?? '';
  const delimiter = delimiterOf(format, effect);
  if (format === 'csv')
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  let out = text;
  // ESCAPE is for strings; the names of a header are such.
  if (effect.escape && (column === 'b' || column === 'p')) {
    const special = ['\n', '\r', '\\', delimiter, ...(effect.quotes ? ['"', "'"] : [])];
    out = [...text].map((c) => (special.includes(c) ? `\\${c}` : c)).join('');
  } else if (effect.quotes) out = text.replaceAll('"', '""');
  return effect.quotes ? `"${out}"` : out;
}
function jsonOf(row: Row, columns: readonly Column[]): string {
  const member = (c: Column): string => {
    const text = textOf(row, c);
    if (text === undefined) return 'null';
    return c === 'a' || c === 'n' || c === 'q' ? text : JSON.stringify(text);
  };
  return `{${columns.map((c) => `"${c}":${member(c)}`).join(',')}}\n`;
}
/** A row's text in a file; of Parquet its values as the test's reader shows them. */
export function lineOf(format: Format, effect: Effect, row: Row): string {
  const columns = writtenColumns(effect);
  if (format === 'json') return jsonOf(row, columns);
  if (format === 'parquet')
    return JSON.stringify(columns.map((c) => (c === 'f' ? row.f?.toString() : textOf(row, c)) ?? null));
  if (format === 'fixedwidth')
    return `${columns.map((c) => (textOf(row, c) ?? effect.nullText ?? '').padEnd(WIDTHS[c])).join('')}\n`;
  const delimiter = delimiterOf(format, effect);
  return `${columns.map((c) => field(format, effect, c, textOf(row, c))).join(delimiter)}\n`;
}
export function headerOf(format: Format, effect: Effect): string {
  if (!effect.header) return '';
  const columns = writtenColumns(effect);
  return `${columns.map((c) => field(format, effect, c, c)).join(delimiterOf(format, effect))}\n`;
}
/** Below the prefix; '' without PARTITION BY. */
export function folderOf({ partition }: Effect, row: Row): string {
  const value = (c: Column): string =>
    (textOf(row, c) ?? '') === ''
      ? '__HIVE_DEFAULT_PARTITION__'
      : textOf(row, c)!
          .replace('/', '%2F')
          .replace('%', (m, at: number, all: string) => (all.startsWith('%2F', at) ? m : '%25'));
  return (partition ?? []).map((c) => `${c}=${value(c)}/`).join('');
}
const ENDINGS = { gzip: '.gz', bzip2: '.bz2', zstd: '.zst' } as const;
export const endingOf = (format: Format, effect: Effect): string =>
  effect.extension ?? (format === 'parquet' ? '.parquet' : effect.codec === undefined ? '' : ENDINGS[effect.codec]);
