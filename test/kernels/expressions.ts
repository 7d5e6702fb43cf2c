/**
 * SQL expressions over the table `v` for the test that functions do not disturb each other. Every function of the
 * registry is taken from its documented examples: some literals are replaced by columns of their kind, the others by a
 * CASE that gives them row by row, so that nothing is folded. Operators, casts and conditions are written out. Volatile
 * functions and those without arguments are left out: their values differ from statement to statement.
 */
import type { Prng } from '../../src/common/prng.ts';
import { scalarFunctions } from '../../src/functions/all-functions.ts';

export interface Expression {
  readonly sql: string;
  /** Name of the function or the operator's template. */
  readonly of: string;
}

export const COLUMNS: Readonly<Record<string, string>> = {
  s1: 'varchar(60)',
  s2: 'varchar(9000)',
  s3: 'varchar(300)',
  s4: 'varchar(40)',
  s5: 'varchar(40)',
  c1: 'char(12)',
  k: 'int',
  i2: 'smallint',
  i4: 'int',
  i8: 'bigint',
  f4: 'real',
  f8: 'double precision',
  n1: 'numeric(12,2)',
  n2: 'numeric(38,6)',
  b: 'boolean',
  d: 'date',
  ts: 'timestamp',
  tz: 'timestamptz',
  tm: 'time',
};
/** Columns that may stand for a kind of literal; the likeliest several times. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  s: ['s1', 's2', 's2', 's3', 's4', 's5', 'c1'],
  i: ['k', 'k', 'i2', 'i4', 'i8'],
  n: ['n1', 'n2', 'f8', 'f4', 'i4'],
  d: ['d'],
  t: ['ts', 'd'],
  z: ['tz'],
  m: ['tm'],
  b: ['b'],
};
export const PATTERNS = [
  "'a'",
  "'^[a-f]+'",
  "'(b|c)+x?'",
  "'\\\\d{2,}'",
  "'o.*e$'",
  "'é|ü'",
  "'[^a-z ]'",
  "'(a(b)?)*'",
];

const OPERATORS: readonly string[] = [
  '{s} ~ {p}',
  '{s} !~ {p}',
  '({s} || {s}) ~ {p}',
  "{s} like '%a%'",
  "{s} not like 'a%'",
  "{s} ilike '%E_'",
  '{s} not ilike {s}',
  "{s} like 'x!%' escape '!'",
  "{s} similar to '%(a|b)%'",
  "{s} not similar to '[a-m]%'",
  "lower({s}) similar to '_+'",
  '{s} || {s}',
  "{s} || 'x' || {s}",
  '{s} || {i}',
  'upper({s}) || lower({s})',
  'c1 || v.s1 || c1',
  '{s} = {s}',
  '{s} <> {s}',
  '{s} < {s}',
  '{s} >= {s}',
  "{s} between 'b' and {s}",
  "{s} in ('a', 'apple', {s})",
  "case when {s} > 'm' then upper({s}) else {s} || 'z' end",
  'case {k} when 1 then {s} when 2 then {s} || {s} end',
  "coalesce({s}, {s} || 'q', 'none')",
  'nullif({s}, {s})',
  "nvl2({s}, {s} || '!', 'no')",
  'greatest({s}, {s}, {s})',
  'least({s}, {s})',
  "decode({k}, 1, {s}, 2, upper({s}), 'other')",
  '{i}::varchar(30)',
  '{n}::varchar(60)',
  'v.f8::varchar',
  'v.ts::varchar(40)',
  'v.tz::varchar(40)',
  'v.d::varchar',
  'v.tm::varchar(20)',
  'v.b::varchar',
  '{s}::varchar(3)',
  'v.s1::char(5)',
  'v.s4::numeric(20,4)',
  'v.s4::float8',
  'v.s4::numeric(38,2)::varchar',
  'v.s5::date',
  'v.s5::timestamp',
  'v.s5::timestamp::varchar',
  'v.n1 + v.n1',
  'v.n1 * {i}',
  'v.n2 / (v.n1 * v.n1 + 1)',
  'v.f8 / (v.f8 * v.f8 + 1)',
  'v.i8 % 7',
  '- v.n2',
  'v.n1 > v.f8',
  '{i} = {i}',
  'v.d < v.ts',
  'v.ts >= v.d',
  'v.d + v.k',
  "v.ts + interval '1 day 2 hours'",
  'dateadd(month, -3, v.ts)',
  'v.ts - v.d::timestamp',
  'extract(epoch from v.ts)',
  "position('a' in {s})",
  'substring({s} from 2 for {k})',
  "trim(both 'a' from {s})",
  '{s} is null',
  '{s} is not null and {s} ~ {p}',
  'v.b and {s} ~ {p}',
  "v.b or {s} like '%e%'",
  'not ({s} ~ {p})',
  '({s} ~ {p}) is not true',
  'case when {s} ~ {p} then {s} || {s} end',
  'regexp_replace({s}, {p}, {s})',
  'regexp_substr({s} || {s}, {p})',
  "regexp_replace(regexp_substr({s}, {p}), {p}, '<$1>')",
  'regexp_count({s}, {p}) + regexp_instr({s}, {p})',
  'repeat({s}, {k})',
  "replace({s}, 'a', {s})",
  'lpad({s}, {k} * 9, {s})',
  'md5({s} || {s})',
  'sha2({s}, 512)',
  'len({s} || {s})',
  "split_part({s}, 'a', 2)",
  'translate({s}, {s}, {s})',
  'reverse({s} || {s})',
  'initcap({s} || {s})',
  "to_char(v.ts, 'YYYY-MM-DD HH24:MI:SS.US Day Month')",
  "to_char(v.n1, '999G999D99MI')",
  "to_char(v.k, 'RN')",
  "to_number(v.s4, 'S99999D99')",
];

const fill = (random: Prng, template: string): string =>
  template
    .replace(/\{(\w)\}/g, (_, kind: string) =>
      kind === 'p' ? random.pick(PATTERNS) : `v.${kind === 'k' ? 'k' : random.pick(KINDS[kind]!)}`,
    )
    .replace(/(^|[^.\w])c1\b/g, '$1v.c1');

/** The arguments of a call at its top level, or undefined when the text is no plain call. */
export function callArguments(sql: string): { readonly name: string; readonly args: readonly string[] } | undefined {
  const m = /^([a-z_][a-z_0-9]*)\((.*)\)$/s.exec(sql);
  if (m === null) return undefined;
  const args: string[] = [];
  let [depth, quoted, from] = [0, false, 0];
  const text = m[2]!;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === ',' && depth === 0) {
      args.push(text.slice(from, i).trim());
      from = i + 1;
    }
    if (depth < 0) return undefined;
  }
  if (text.trim() !== '') args.push(text.slice(from).trim());
  return depth === 0 && !quoted ? { name: m[1]!, args } : undefined;
}

/** Kind of a literal, '' for anything else. */
function kindOf(arg: string): string {
  if (/^'(?:[^']|'')*'$/.test(arg)) return 's';
  if (/^-?\d+$/.test(arg)) return 'i';
  if (/^-?[\d.]+(e[+-]?\d+)?$/i.test(arg)) return 'n';
  if (/^date '/i.test(arg)) return 'd';
  if (/^timestamptz '/i.test(arg)) return 'z';
  if (/^timestamp '/i.test(arg)) return 't';
  if (/^time '/i.test(arg)) return 'm';
  return /^(true|false)$/i.test(arg) ? 'b' : '';
}

/** One call made from a documented example. `bold` is the chance of a column in place of a literal. */
function fromExample(random: Prng, sql: string, bold: number): string | undefined {
  const call = callArguments(sql);
  if (call === undefined || call.args.length === 0) return undefined;
  const args = call.args.map((arg) => {
    const kind = kindOf(arg);
    if (kind !== '' && random.float() < bold) return `v.${random.pick(KINDS[kind]!)}`;
    return kind === '' && !/^array|^null$|::/i.test(arg) ? arg : `case when v.id >= 0 then ${arg} end`;
  });
  return `${call.name}(${args.join(', ')})`;
}

/** Everything there is to draw from: for each function its examples, and the operators. */
export function sources(): readonly {
  readonly of: string;
  make(random: Prng, attempt: number): string | undefined;
}[] {
  const functions = scalarFunctions
    .filter((f) => f.runsOn !== 'leader' && f.host === undefined && f.volatility !== 'volatile')
    .flatMap((f) => {
      const examples = f.examples.filter(
        ([sql, want]) => !want.startsWith('ERROR') && callArguments(sql)?.args.length,
      );
      return examples.map(([sql]) => ({
        of: f.name,
        make: (random: Prng, attempt: number) => fromExample(random, sql, [0.8, 0.5, 0.3, 0][attempt] ?? 0),
      }));
    });
  const operators = OPERATORS.map((template) => ({ of: template, make: (random: Prng) => fill(random, template) }));
  return [...functions, ...operators];
}

const WORDS = [
  'apple',
  'bobby',
  'abcabc',
  'zoë',
  'table 12',
  'one',
  'The End',
  'x%y_z',
  'mixed CASE',
  'a',
  'ffee',
  '2024-02-29',
];
const quoted = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;

/** The VALUES row of one id. */
export function rowValues(random: Prng, id: number, nulls: boolean): string {
  const long = random.float() < 0.04;
  const word = (): string => random.pick(WORDS);
  const words = (n: number): string => Array.from({ length: n }, word).join(random.pick([' ', '', 'a', ', ']));
  const digits = `${random.int(-9999, 9999)}.${random.int(10, 99)}`;
  const day = `${random.int(1995, 2035)}-${random.int(10, 12)}-${random.int(10, 28)}`;
  const clock = `${random.int(10, 23)}:${random.int(10, 59)}:${random.int(10, 59)}.${random.int(100, 999)}`;
  const multi = random.pick(['é', 'üß', '日本語', '😀a', 'naïve ', 'Ω']);
  const values = [
    quoted(random.pick([word(), words(2), '', ' pad ', word() + '  '])),
    quoted(long ? words(900).slice(0, random.int(1000, 8000)).replaceAll('ë', 'e') : words(random.int(0, 4))),
    quoted(multi.repeat(random.int(0, 12)) + word()),
    quoted(digits),
    quoted(random.pick([day, `${day} ${clock}`])),
    quoted(random.pick(['abc', 'x', '', 'twelve chars', 'q w'])),
    String(random.int(0, 12)),
    String(random.int(-32768, 32767)),
    String(random.int(-2147483648, 2147483647)),
    String(BigInt(random.u32()) * 1_000_003n - 2_000_000_000_000n),
    String(Math.fround(random.float() * 1000)),
    String((random.float() - 0.5) * 10 ** random.int(-3, 6)),
    `${random.int(-999999, 999999)}.${random.int(10, 99)}`,
    `${random.u32()}${random.u32()}.${random.int(100000, 999999)}`,
    random.pick(['true', 'false']),
    quoted(day),
    quoted(`${day} ${clock}`),
    quoted(`${day} ${clock}+00`),
    quoted(clock),
  ];
  return `(${[String(id), ...values.map((v) => (nulls && random.float() < 0.08 ? 'null' : v))].join(', ')})`;
}
