/**
 * Evaluates simple SQL expressions for tests without the analyser: literals, typed literals, casts by ::, function calls
 * resolved over the registry (expansions included), executed by calling kernels directly on a Bench. Anything else
 * throws Unsupported, and the test leaves that example to the end-to-end suites.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { isString, numeric, physOf, type SqlType, type TypeName } from '../types/sql-type.ts';
import { split128, type Bench } from '../wasm/runtime/test-bed.ts';
import type { ArgType, ScalarFunction } from './define.ts';

export class Unsupported extends Error {}
type Value = { readonly type: SqlType; readonly v: number | bigint | string | null };

const TYPE_NAMES: Readonly<Record<string, TypeName>> = {
  int: 'int4',
  integer: 'int4',
  smallint: 'int2',
  bigint: 'int8',
  float: 'float8',
  bool: 'bool',
  boolean: 'bool',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  time: 'time',
  interval: 'interval',
  varchar: 'varchar',
  text: 'text',
  int2: 'int2',
  int4: 'int4',
  int8: 'int8',
  float8: 'float8',
  float4: 'float4',
  real: 'float4',
  decimal: 'numeric',
  numeric: 'numeric',
};

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(\d+\.\d*(?:e[+-]?\d+)?|\.\d+|\d+(?:e[+-]?\d+)?)|([a-z_][a-z0-9_]*)|(::|[(),-]))/iy;

export class ExampleBench {
  private tokens: string[] = [];
  private at = 0;
  private readonly byName = new Map<string, ScalarFunction>();

  constructor(
    private readonly bench: Bench,
    functions: readonly ScalarFunction[],
  ) {
    for (const f of functions) for (const n of [f.name, ...(f.aliases ?? [])]) this.byName.set(n, f);
  }

  /** Text of the expression's value, 'NULL', or 'ERROR: message'. */
  run(sql: string): string {
    this.tokens = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < sql.trimEnd().length) {
      const m = TOKEN.exec(sql);
      if (m === null) throw new Unsupported(sql);
      this.tokens.push(m[0].trim());
    }
    this.at = 0;
    this.bench.reset();
    try {
      const value = this.expression();
      if (this.at < this.tokens.length) throw new Unsupported(sql);
      return value.v === null ? 'NULL' : this.text(value);
    } catch (e) {
      if (e instanceof RangeError) return `ERROR: ${e.message}`;
      throw e;
    }
  }
  private expression(): Value {
    let value = this.primary();
    while (this.tokens[this.at] === '::') {
      this.at++;
      value = this.cast(value, this.typeName());
    }
    return value;
  }
  private typeName(): SqlType {
    const name = TYPE_NAMES[this.tokens[this.at++]!.toLowerCase()];
    if (name === undefined) throw new Unsupported('type');
    if (this.tokens[this.at] !== '(') return name === 'numeric' ? numeric(18, 0) : { name };
    const close = this.tokens.indexOf(')', this.at);
    const mods = this.tokens
      .slice(this.at + 1, close)
      .filter((t) => t !== ',')
      .map(Number);
    this.at = close + 1;
    return name === 'numeric' ? numeric(mods[0]!, mods[1] ?? 0) : { name, length: mods[0]! };
  }
  private primary(): Value {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Unsupported('end');
    if (token.startsWith("'")) return { type: { name: 'unknown' }, v: literal(token) };
    if (token === '-') {
      const inner = this.primary();
      return { type: inner.type, v: typeof inner.v === 'string' || inner.v === null ? inner.v : -inner.v };
    }
    if (/^\d+$/.test(token)) {
      const n = BigInt(token);
      return n < 2n ** 31n ? { type: { name: 'int4' }, v: Number(n) } : { type: { name: 'int8' }, v: n };
    }
    if (/^[\d.]+$/.test(token)) {
      const [whole, fraction = ''] = token.split('.');
      return { type: numeric(Math.max(1, (whole + fraction).length), fraction.length), v: BigInt(whole + fraction) };
    }
    if (/^\d/.test(token)) return { type: { name: 'float8' }, v: Number(token) };
    const word = token.toLowerCase();
    if (word === 'true' || word === 'false') return { type: { name: 'bool' }, v: word === 'true' ? 1 : 0 };
    if (word === 'null') return { type: { name: 'unknown' }, v: null };
    const next = this.tokens[this.at];
    if (next?.startsWith("'") && TYPE_NAMES[word] !== undefined) {
      this.at++;
      return this.cast({ type: { name: 'unknown' }, v: literal(next) }, { name: TYPE_NAMES[word]! });
    }
    if (next !== '(') throw new Unsupported(word);
    return this.call(word);
  }
  private call(name: string): Value {
    this.at++;
    const args: Value[] = [];
    const parts = ['dateadd', 'datediff', 'date_part', 'date_trunc', 'extract'];
    if (
      parts.includes(name) &&
      /^[a-z]/i.test(this.tokens[this.at] ?? '') &&
      [',', 'from'].includes((this.tokens[this.at + 1] ?? '').toLowerCase())
    ) {
      args.push({ type: { name: 'unknown' }, v: this.tokens[this.at]! });
      this.at += 2;
    }
    while (this.tokens[this.at] !== ')') {
      args.push(this.expression());
      if (this.tokens[this.at] === ',') this.at++;
      else if (this.tokens[this.at] !== ')') throw new Unsupported('arguments');
    }
    this.at++;
    const f = this.byName.get(name);
    if (f === undefined || f.host !== undefined || f.spatial !== undefined) throw new Unsupported(name);
    return this.apply(f, args);
  }
  private apply(f: ScalarFunction, args: readonly Value[]): Value {
    let best = -1;
    let bestScore = -1;
    f.signatures.forEach((s, i) => {
      if (s.args.length !== args.length) return;
      const scores = args.map((a, k) => fit(a.type, s.args[k]!));
      const score = scores.includes(-1) ? -1 : scores.reduce((x, y) => x + y, 0);
      if (score > bestScore) [best, bestScore] = [i, score];
    });
    if (best < 0) throw new Unsupported(f.name);
    const s = f.signatures[best]!;
    const cast = args.map((a, k) => this.cast(a, target(a.type, s.args[k]!)));
    const type = typeof s.returns === 'function' ? s.returns(cast.map((c) => c.type)) : s.returns;
    const bound = cast.map((c): BoundExpr => ({ kind: 'const', type: c.type, value: c.v }));
    const call: BoundExpr = f.expand?.(bound, type, best) ?? {
      kind: 'call',
      type,
      name: f.name,
      signature: best,
      args: bound,
    };
    return this.evaluate(call);
  }
  private evaluate(e: BoundExpr): Value {
    if (e.kind === 'const') return { type: e.type, v: e.value as Value['v'] };
    if (e.kind === 'cast') return this.cast(this.evaluate(e.arg), e.type);
    if (e.kind !== 'call') throw new Unsupported(e.kind);
    // Its bytes are no text.
    if (e.type.name === 'super') throw new Unsupported('super');
    const args = e.args.map((a) => this.evaluate(a));
    if (args.some((a) => a.v === null)) return { type: e.type, v: null };
    const f = this.byName.get(e.name)!;
    const kernel = f.signatures[e.signature]!.kernel ?? f.kernel;
    if (kernel === undefined) throw new Unsupported(f.name);
    const result = this.bench.callMore(kernel, ...args.flatMap((a) => this.physical(a)));
    const isNull = this.bench.isNull();
    return { type: e.type, v: isNull ? null : this.logical(result, e.type) };
  }
  private physical(a: Value): (number | bigint)[] {
    const phys = physOf(a.type);
    if (phys === 'str')
      return [this.bench.str(a.type.name === 'varbyte' ? Buffer.from(String(a.v), 'hex') : String(a.v))];
    if (phys === 'i128') return split128(BigInt(a.v!));
    return [phys === 'i64' ? BigInt(a.v!) : Number(a.v)];
  }
  private logical(result: number | bigint, type: SqlType): Value['v'] {
    const phys = physOf(type);
    if (phys === 'str') return this.bench.text(result as bigint, type.name === 'varbyte' ? 'hex' : 'utf8');
    return phys === 'i128' ? this.bench.wide(result as bigint) : result;
  }
  private text(value: Value): string {
    const { type } = value;
    if (physOf(type) === 'str') return String(value.v);
    if (type.name === 'numeric') {
      return this.bench.text(
        this.bench.callMore('numeric_to_text', ...split128(BigInt(value.v!)), type.scale ?? 0) as bigint,
      );
    }
    const kernel = type.name === 'int2' ? 'int4_to_text' : `${type.name}_to_text`;
    return this.bench.text(this.bench.callMore(kernel, ...this.physical(value)) as bigint);
  }
  /** Through text, which every pair of types shares; enough for examples. */
  private cast(value: Value, to: SqlType): Value {
    if (value.v === null) return { type: to, v: null };
    if (value.type.name === to.name && to.name !== 'numeric') return { type: to, v: value.v };
    if (isString(to)) return { type: to, v: this.text(value) };
    if (value.type.name === 'timestamp' && to.name === 'date')
      return { type: to, v: this.bench.callMore('timestamp_to_date', value.v as bigint) };
    const text = this.text(value);
    if (to.name === 'numeric') {
      return {
        type: to,
        v: this.bench.wide(this.bench.callMore('text_to_numeric', text, to.precision ?? 18, to.scale ?? 0)),
      };
    }
    const kernel = `text_to_${to.name}`;
    return { type: to, v: this.logical(this.bench.callMore(kernel, text), to) };
  }
}
const literal = (token: string): string => token.slice(1, -1).replaceAll("''", "'").replace(/\\(.)/g, '$1');

const WIDTH: readonly TypeName[] = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];
function fit(type: SqlType, param: ArgType): number {
  if (param === 'any') return 90;
  if (type.name === param) return 100;
  if (type.name === 'unknown') return param === 'string' || param === 'text' ? 60 : param === 'timestamp' ? 30 : 10;
  if (param === 'string' || param === 'text') return isString(type) ? 95 : 5;
  if (param === 'integer') return ['int2', 'int4', 'int8'].includes(type.name) ? 95 : -1;
  const from = WIDTH.indexOf(type.name);
  const to = WIDTH.indexOf(param as TypeName);
  if (from >= 0 && to >= 0) return to > from ? 70 - to : 15 - from;
  return type.name === 'date' && (param === 'timestamp' || param === 'timestamptz')
    ? 50
    : type.name === 'timestamp' && param === 'date'
      ? 20
      : -1;
}
function target(type: SqlType, param: ArgType): SqlType {
  if (param === 'any' || param === 'integer' || param === 'number') return type;
  if (param === 'string') return isString(type) ? type : { name: 'varchar' };
  if (param === 'numeric') {
    if (type.name === 'numeric') return type;
    return type.name === 'int2'
      ? numeric(5, 0)
      : type.name === 'int4'
        ? numeric(10, 0)
        : type.name === 'int8'
          ? numeric(19, 0)
          : numeric(38, 8);
  }
  return { name: param === 'array' ? '_text' : param };
}
