/**
 * A seeded generator of SQL expressions that no sane client would write: every function and aggregate of the registry
 * over values of every type, with fitting and unfitting arguments and wrong arities; documented examples with their
 * literals replaced; casts between every pair of types with odd modifiers; operators and clauses between odd types;
 * aggregates and windows where they may not stand. An expression holds marks for its values, so that the same one can be
 * printed over constants and over the columns of `fz`.
 */
import type { Prng } from '../../src/common/prng.ts';
import type { AggregateFunction, ArgType, ScalarFunction } from '../../src/functions/define.ts';
import { aggregateFunctions, scalarFunctions } from '../../src/functions/all-functions.ts';
import { callArguments } from '../kernels/expressions.ts';
import { LEADER_VALUES, VALUES, overColumns, type Value } from './values.ts';

export interface Fuzzed {
  /** The text with marks. */
  readonly text: string;
  readonly values: readonly Value[];
  /** Function or form it was made of. */
  readonly of: string;
  /** False when the two forms may differ: volatile or clock functions, values of the leader. */
  readonly comparable: boolean;
  /** Makes one row of all. */
  readonly aggregates: boolean;
  /** True when an expression stands inside another: which of several errors comes first is then open. */
  readonly nested: boolean;
  /** True when a constant part (a false side of AND, a WHEN, an IN) may settle the whole before another part fails. */
  readonly absorbs: boolean;
}

const MARK = /\u0001(\d+)\u0002/g;
export const overConstants = (f: Fuzzed): string => f.text.replace(MARK, (_, i: string) => f.values[Number(i)]!.sql);
export const overTable = (f: Fuzzed): string =>
  f.text.replace(MARK, (_, i: string) => overColumns(f.values[Number(i)]!));

/** Types to cast to, with modifiers at and beyond their limits. */
const CAST_TARGETS: readonly string[] = [
  ...[
    'smallint',
    'integer',
    'bigint',
    'real',
    'double precision',
    'boolean',
    'date',
    'time',
    'timestamp',
    'timestamptz',
  ],
  ...[
    'numeric',
    'numeric(38,0)',
    'numeric(38,37)',
    'numeric(1,0)',
    'numeric(1,1)',
    'numeric(19,0)',
    'numeric(18,18)',
  ],
  ...['varchar', 'varchar(1)', 'varchar(65535)', 'varchar(max)', 'char', 'char(1)', 'char(4096)', 'text', 'interval'],
  ...['numeric(39,0)', 'numeric(5,6)', 'numeric(0)', 'numeric(8,-1)', 'varchar(0)', 'varchar(65536)', 'char(4097)'],
  ...[
    'integer(3)',
    'date(2)',
    'interval year',
    'interval day to second(3)',
    'interval year to month',
    'timetz',
    'varbyte',
    'varbyte(3)',
    'varbyte(1024001)',
    'geometry',
    'geography',
    'hllsketch',
    'timestamp(3)',
    'float(1)',
    'float(54)',
    'time(6)',
  ],
  ...[
    'oid',
    'name',
    '"char"',
    'regclass',
    'integer[]',
    'text[]',
    'bigint[]',
    'int2vector',
    'super',
    'unknown',
    'record',
    'nosuch',
  ],
];
const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '||',
  '=',
  '<>',
  '<',
  '>=',
  '<=>',
  '&',
  '|',
  '#',
  '<<',
  '>>',
  '~',
  '!~*',
];
const WORDS = ['like', 'not like', 'ilike', 'similar to', 'and', 'or', 'at time zone', 'overlaps'];
const ABSORBING: ReadonlySet<string> = new Set(['and', 'or', 'overlaps']);
const UNARY = ['- ', '+ ', 'not ', '~ ', '@ ', '|/ ', '||/ ', '!! '];
const FIELDS = [
  ...[
    'epoch',
    'year',
    'month',
    'day',
    'hour',
    'second',
    'millisecond',
    'microsecond',
    'week',
    'quarter',
    'dow',
    'doy',
  ],
  ...['century', 'decade', 'millennium', 'timezone', 'timezone_hour', 'julian', 'nosuch'],
];
const FRAMES = [
  '',
  ' rows unbounded preceding',
  ' rows between 1 preceding and 2147483647 following',
  ' rows between 1 following and 1 preceding',
];
const RANKS = [
  'row_number()',
  'rank()',
  'ntile(#)',
  'lag(#, #)',
  'lead(#, 1, #)',
  'first_value(#)',
  'nth_value(#, #)',
  'percent_rank()',
  'ratio_to_report(#)',
  'listagg(#)',
  'median(#)',
  'percentile_cont(#) within group (order by #)',
];

/** Functions whose answer changes from one statement to the next, or that act on the server. */
const CHANGING =
  /^(getdate|sysdate|timeofday|now|random|current_|localtime|statement_timestamp|transaction_timestamp|clock_timestamp|pg_|txid|age$|has_|set_config|sys|version|user|session_user|inet_|nextval|last_)/;
/** Functions that would disturb the run itself. */
const BARRED = new Set([
  'slicehouse_kill_node',
  'slicehouse_kill_slice',
  'reboot_cluster',
  'pg_sleep',
  'pg_terminate_backend',
  'pg_cancel_backend',
  'set_config',
]);

type Callable = ScalarFunction | AggregateFunction;
const FUNCTIONS: readonly Callable[] = scalarFunctions.filter((f) => !BARRED.has(f.name));
const CALLABLE: readonly Callable[] = [...FUNCTIONS, ...aggregateFunctions];
const EXAMPLES = CALLABLE.flatMap((f) =>
  f.internal === true ? [] : f.examples.map(([sql]) => ({ of: f, call: callArguments(sql) })),
).filter((e) => e.call !== undefined && e.call.args.length > 0);

/** Types of values that fit a parameter. */
const FITS: Readonly<Record<string, RegExp>> = {
  any: /./,
  string: /^(varchar|char)/,
  number: /^(smallint|integer|bigint|numeric|real|double)/,
  integer: /^(smallint|integer|bigint)/,
  int2: /^smallint/,
  int4: /^(smallint|integer)/,
  int8: /^(smallint|integer|bigint)/,
  float4: /^(real|integer)/,
  float8: /^(real|double|integer|numeric)/,
  bool: /^boolean/,
  varchar: /^varchar/,
  text: /^varchar/,
};
const fitting = new Map<string, readonly Value[]>();
function valuesFor(type: ArgType): readonly Value[] {
  let found = fitting.get(type);
  if (found === undefined) {
    const fits = FITS[type] ?? new RegExp(`^${type}`);
    const own = VALUES.filter((v) => fits.test(v.type));
    found = own.length > 0 ? own : VALUES;
    fitting.set(type, found);
  }
  return found;
}
const kindOf = (arg: string): ArgType | undefined => {
  if (/^'(?:[^']|'')*'$/.test(arg)) return 'string';
  if (/^-?\d+$/.test(arg)) return 'integer';
  if (/^-?[\d.]+(e[+-]?\d+)?$/i.test(arg)) return 'number';
  const word = /^(date|timestamptz|timestamp|time|interval) '/i.exec(arg)?.[1]?.toLowerCase();
  if (word !== undefined) return word as ArgType;
  return /^(true|false)$/i.test(arg) ? 'bool' : undefined;
};

class Maker {
  readonly values: Value[] = [];
  of = '';
  comparable = true;
  aggregates = false;
  nested = false;
  absorbs = false;
  constructor(readonly random: Prng) {}

  value(pool: readonly Value[] = VALUES): string {
    const { random } = this;
    const leader = pool === VALUES && random.float() < 0.04;
    if (leader) this.comparable = false;
    this.values.push(random.pick(leader ? LEADER_VALUES : pool));
    return `\u0001${this.values.length - 1}\u0002`;
  }
  name(text: string): void {
    if (this.of === '') this.of = text;
  }
  argument(type: ArgType, depth: number): string {
    const { random } = this;
    if (depth > 0 && random.float() < 0.12) return this.expression(depth - 1);
    return this.value(random.float() < 0.85 ? valuesFor(type) : VALUES);
  }
  call(depth: number): string {
    const { random } = this;
    const f = random.pick(depth > 0 && random.float() < 0.92 ? FUNCTIONS : CALLABLE);
    const name = random.pick([f.name, ...(f.aliases ?? [])]);
    this.name(f.name);
    if (f.kind === 'aggregate') this.aggregates = true;
    if (CHANGING.test(name) || (f.kind === 'scalar' && f.volatility === 'volatile')) this.comparable = false;
    if (f.kind === 'scalar' && f.runsOn === 'leader') this.comparable = false;
    const signature = random.pick(f.signatures);
    const types = [...signature.args];
    if (signature.variadic === true)
      while (types.length < 6 && random.float() < 0.4) types.push(types.at(-1) ?? 'any');
    if (signature.optional !== undefined) types.length -= random.int(0, signature.optional);
    if (random.float() < 0.04) types.push('any');
    if (random.float() < 0.03) types.length = Math.max(0, types.length - 1);
    const args = types.map((t) => this.argument(t, depth));
    const distinct = f.kind === 'aggregate' && random.float() < 0.2 ? 'distinct ' : '';
    return `${name}(${distinct}${args.join(', ')})`;
  }
  /** A documented call with some of its literals replaced. */
  example(depth: number): string {
    const { random } = this;
    const { of, call } = random.pick(EXAMPLES);
    this.name(of.name);
    if (CHANGING.test(call!.name) || of.kind === 'aggregate') this.comparable = false;
    if (of.kind === 'scalar' && (of.volatility === 'volatile' || of.runsOn === 'leader')) this.comparable = false;
    const args = call!.args.map((arg) => {
      const kind = kindOf(arg);
      return kind === undefined || random.float() < 0.45 ? arg : this.argument(kind, depth);
    });
    return `${call!.name}(${args.join(', ')})`;
  }
  form(depth: number): string {
    const { random } = this;
    const e = (): string => (depth > 0 ? this.expression(depth - 1) : this.value());
    const form = random.int(0, 9);
    if (form < 4 || form === 8) this.absorbs = true;
    switch (form) {
      case 0:
        return `(case when ${e()} then ${e()} else ${e()} end)`;
      case 1:
        return `(case ${e()} when ${e()} then ${e()} end)`;
      case 2:
        return `(${e()} in (${e()}, ${e()}))`;
      case 3:
        return `(${e()} between ${e()} and ${e()})`;
      case 4:
        return `extract(${random.pick(FIELDS)} from ${e()})`;
      case 5:
        return `(${e()} is ${random.pick(['null', 'not null', 'true', 'not false', 'unknown'])})`;
      case 6:
        return random.pick([
          `substring(${e()} from ${e()} for ${e()})`,
          `trim(both ${e()} from ${e()})`,
          `position(${e()} in ${e()})`,
        ]);
      case 7:
        return `(interval '1 day' * ${e()})`;
      case 8:
        return random.pick([
          `coalesce(${e()}, ${e()})`,
          `nullif(${e()}, ${e()})`,
          `greatest(${e()}, ${e()})`,
          `nvl2(${e()}, ${e()}, ${e()})`,
        ]);
      default:
        return `(${random.pick(UNARY)}${e()})`;
    }
  }
  window(): string {
    const { random } = this;
    const head = random.float() < 0.5 ? this.call(0) : random.pick(RANKS).replaceAll('#', () => this.value());
    this.comparable = false;
    const partition = random.float() < 0.5 ? `partition by ${this.value()} ` : '';
    return `${head} over (${partition}order by ${this.value()}${random.pick(FRAMES)})`;
  }
  expression(depth: number): string {
    const { random } = this;
    if (this.values.length > 0 || this.of !== '') this.nested = true;
    const e = (): string => (depth > 0 && random.float() < 0.4 ? this.expression(depth - 1) : this.value());
    const dice = random.float();
    if (dice < 0.3) return this.call(depth);
    if (dice < 0.48) return this.example(depth);
    if (dice < 0.66) {
      const target = random.pick(CAST_TARGETS);
      if (random.float() < 0.25) {
        this.name(`try_cast to ${target}`);
        return `try_cast(${e()} as ${target})`;
      }
      this.name(`cast to ${target}`);
      return `(${e()}::${target})`;
    }
    if (dice < 0.84) {
      const op = random.float() < 0.7 ? random.pick(BINARY) : random.pick(WORDS);
      this.name(op);
      if (ABSORBING.has(op)) this.absorbs = true;
      return `(${e()} ${op} ${e()})`;
    }
    if (dice < 0.97 || depth < 2) return this.form(depth);
    return this.window();
  }
}

export function makeExpression(random: Prng): Fuzzed {
  const maker = new Maker(random);
  const text = maker.expression(random.pick([0, 1, 1, 2]));
  return {
    text,
    values: maker.values,
    of: maker.of,
    comparable: maker.comparable,
    aggregates: maker.aggregates,
    nested: maker.nested,
    absorbs: maker.absorbs,
  };
}
