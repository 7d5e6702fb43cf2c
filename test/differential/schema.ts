/**
 * Random tables and rows. A table's declaration differs per configuration in distribution and sort keys only; the
 * oracle keeps strings as bpchar, whose comparisons ignore trailing blanks as Redshift's do. Values come from small
 * domains, so that joins meet, with NULLs, duplicates, extremes, empty strings and trailing blanks.
 */
import { Prng } from '../../src/common/prng.ts';

export interface Column {
  readonly name: string;
  /** Family: int, big, dec, flt, str, date, ts, bool, time, ttz, tz, y2m, d2s, json. */
  readonly type: string;
  readonly ours: string;
  readonly oracle: string;
}
/** A literal, or ours and the oracle's. */
export type Cell = string | readonly [ours: string, oracle: string];
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}
/** A column by its name, our type and its family; the oracle's type is ours where it is not given. */
export const column = (name: string, ours: string, type: string, oracle = ours): Column => ({
  name,
  type,
  ours,
  oracle,
});

const TYPES: readonly (readonly [string, string, string])[] = [
  ['int', 'int', 'int'],
  ['int', 'int', 'int'],
  ['int', 'smallint', 'smallint'],
  ['int', 'bigint', 'bigint'],
  ['big', 'bigint', 'bigint'],
  ['dec', 'decimal(12,3)', 'decimal(12,3)'],
  ['dec', 'decimal(18,2)', 'decimal(18,2)'],
  ['dec', 'decimal(30,2)', 'decimal(30,2)'],
  ['dec', 'decimal(38,3)', 'decimal(38,3)'],
  ['dec', 'decimal(19,0)', 'decimal(19,0)'],
  ['flt', 'float8', 'float8'],
  ['str', 'varchar(20)', 'bpchar'],
  ['str', 'varchar(300)', 'bpchar'],
  ['str', 'char(6)', 'char(6)'],
  ['date', 'date', 'date'],
  ['ts', 'timestamp', 'timestamp'],
  ['bool', 'bool', 'bool'],
  ['time', 'time', 'time'],
  ['ttz', 'timetz', 'timetz'],
  ['tz', 'timestamptz', 'timestamptz'],
  ['y2m', 'interval year to month', 'interval'],
  ['d2s', 'interval day to second', 'interval'],
];
/**
 * First letter of the decimals whose products of two have all their digits: a product of two columns of one letter is wide
 * and exact in every engine.
 */
const FACTORS: { readonly [type: string]: string } = { 'decimal(12,3)': 'p', 'decimal(18,2)': 'q' };
const WORDS = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'A',
  'Ab',
  'b a',
  'zz',
  'x_y',
  '10%',
  'a  ',
  'ab ',
  ' ',
  '€',
  '日本',
  '0',
  'longer',
];
const CLOCKS = ['00:00:00', '12:34:56', '23:59:59.999999', '01:02:03.5'];
const BIGS = ['9223372036854775807', '-9223372036854775808', '0', '1', '-1', '4294967296', '2147483648', '7'];

export function literal(random: Prng, type: string): string {
  switch (type) {
    case 'int':
      return String(random.float() < 0.9 ? random.int(-3, 9) : random.int(-100, 100));
    case 'big':
      return random.pick(BIGS);
    case 'dec':
      return random.float() < 0.5
        ? `${random.int(-5, 9)}.${random.pick(['0', '5', '25', '125', '999'])}`
        : String(random.int(-3, 5));
    case 'flt':
      return String(random.int(-12, 30) / 4);
    case 'str':
      return `'${random.pick(WORDS)}'`;
    case 'date':
      return `'${random.pick(['2019-12-31', '2020-01-01', '2020-02-29', '2020-03-01', '1999-06-15', '2024-02-28'])}'`;
    case 'ts':
      return `'${random.pick(['2020-01-01', '2020-02-29', '1999-12-31'])} ${random.pick(CLOCKS)}'`;
    case 'time':
      return `'${random.pick(CLOCKS)}'`;
    case 'ttz':
      return `'${random.pick(CLOCKS)}+00'`;
    case 'tz':
      return `'${random.pick(['2020-01-01', '2020-02-29', '1999-12-31'])} ${random.pick(CLOCKS)}+00'`;
    case 'y2m':
      return `'${random.pick(['0 months', '1 month', '14 months', '-1 month', '-30 months', '1000 years'])}'`;
    case 'd2s':
      return `'${random.pick(['0 days', '1 day', '40 days 02:03:04.5', '-1 days -00:00:01', '00:00:00.000001'])}'`;
    default:
      return random.pick(['true', 'false']);
  }
}
/** What a literal of a type is cast to where nothing else says its type. */
export const CAST: Readonly<Record<string, readonly [ours: string, oracle: string]>> = {
  str: ['', '::bpchar'],
  flt: ['::float8', '::float8'],
  date: ['::date', '::date'],
  ts: ['::timestamp', '::timestamp'],
  time: ['::time', '::time'],
  ttz: ['::timetz', '::timetz'],
  tz: ['::timestamptz', '::timestamptz'],
  y2m: ['::interval year to month', '::interval'],
  d2s: ['::interval day to second', '::interval'],
};

/** A literal for a column: CHAR holds single-byte characters only. */
export function valueOf(random: Prng, { type, ours }: Column): string {
  const text = literal(random, type);
  return ours.startsWith('char') && /[^\0-\x7f]/.test(text) ? "'Ab'" : text;
}
export function makeTable(random: Prng, name: string): Table {
  const columns: Column[] = [];
  for (let i = 0, n = random.int(3, 7); i < n; i++) {
    const [type, ours, oracle] = i === 0 ? TYPES[random.int(0, 3)]! : random.pick(TYPES);
    columns.push({ name: `${FACTORS[ours] ?? type[0]}${i}`, type, ours, oracle });
  }
  const size = random.float();
  const count = size < 0.12 ? 0 : size < 0.3 ? random.int(1, 4) : size < 0.9 ? random.int(5, 16) : random.int(20, 50);
  // Half the tables hold no NULL; in the others the first rows hold none and are inserted apart.
  const nulls = random.pick([0, 0, 0.1, 0.3]);
  const clean = random.int(0, count);
  const cell = (c: Column, row: number): string =>
    row >= clean && random.float() < nulls ? 'null' : valueOf(random, c);
  const rows = Array.from({ length: count }, (_, row) =>
    columns.map((c) => (c.ours === 'smallint' && c.type !== 'int' ? '1' : cell(c, row))),
  );
  return { name, columns, rows };
}

/** CREATE TABLE and the inserts; `random` decides distribution, sort key and how the rows are batched. */
export function createOurs(random: Prng, t: Table): string[] {
  const keys = t.columns.filter((c) => c.type !== 'json');
  if (random.float() < 0.3) return createInOrder(random, t, keys);
  const dist = random.pick([
    'diststyle even',
    'diststyle all',
    `distkey(${random.pick(keys).name})`,
    `distkey(${keys[0]!.name})`,
    '',
  ]);
  const sort = random.float() < 0.4 ? ` sortkey(${random.pick(keys).name})` : '';
  const create = `create table ${t.name} (${t.columns.map((c) => `${c.name} ${c.ours}`).join(', ')}) ${dist}${sort}`;
  return [create, ...inserts(t, random.pick([1000, 1000, 7]), 0)];
}
/** Distributed and sorted by one column, all but a few rows in the sorted region: joins by it are merge joins. */
function createInOrder(random: Prng, t: Table, keys: readonly Column[]): string[] {
  const key = (random.float() < 0.7 ? keys.find((c) => c.type === 'int') : undefined) ?? random.pick(keys);
  const columns = t.columns.map((c) => `${c.name} ${c.ours}`).join(', ');
  const late = Math.floor(t.rows.length * random.pick([0, 0.1, 0.19]));
  const part = (rows: Table['rows']): string[] => (rows.length === 0 ? [] : inserts({ ...t, rows }, 1000, 0));
  return [
    `create table ${t.name} (${columns}) distkey(${key.name}) sortkey(${key.name})`,
    ...part(t.rows.slice(0, t.rows.length - late)),
    `vacuum ${t.name} to 100 percent`,
    ...part(t.rows.slice(t.rows.length - late)),
  ];
}
export const createOracle = (t: Table): string[] => [
  `create table ${t.name} (${t.columns.map((c) => `${c.name} ${c.oracle}`).join(', ')})`,
  ...inserts(t, 1000, 1),
];

function inserts(t: Table, batch: number, side: 0 | 1): string[] {
  const out: string[] = [];
  const text = (c: Cell): string => (typeof c === 'string' ? c : c[side]);
  const rows = t.rows.map((r) => `(${r.map(text).join(', ')})`);
  const firstNull = t.rows.findIndex((r) => r.includes('null'));
  const clean = firstNull < 0 ? rows.length >> 1 : firstNull;
  for (const part of [rows.slice(0, clean), rows.slice(clean)])
    for (let i = 0; i < part.length; i += batch)
      out.push(`insert into ${t.name} values ${part.slice(i, i + batch).join(', ')}`);
  return out;
}
