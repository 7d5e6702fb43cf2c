/**
 * Conversions between types. Integer, boolean and date/timestamp conversions are emitted inline; text, float/numeric
 * and time zone conversions are kernels. `explicit` cuts strings that are too long, the other modes raise 22001.
 */
import { assert } from '../common/assert.ts';
import { roundsScale, type BoundExpr } from './bound.ts';
import { WASM_TYPE, type CodeEnv, type CodeValue, type CodeVariable, type TypedValue } from './code-env.ts';
import {
  TYPE_INFO,
  isArray,
  isFloat,
  isInteger,
  isString,
  physOf,
  sameType,
  withCollation,
  type SqlType,
} from '../types/sql-type.ts';
import { isRoundedUnit, keptUnit } from '../types/interval-fields.ts';
import { readingOf } from '../types/interval-text.ts';
import type { ValType } from '../wasm/assembler.ts';
import { checkPrecision, narrowTo64, push128, rangeCheck, rescale } from './compile-arith.ts';
import { unlessNull } from './compile-literal.ts';

type Cast = Extract<BoundExpr, { kind: 'cast' }>;
type Mode = Cast['mode'];
const INT_ERROR = { int2: 2, int4: 3, int8: 4 } as const;
const FLOAT_RANGE = 20;
const FLOAT_UNDERFLOW = 45;
/** Half way between the largest REAL and the next power of two: from here on rounding gives infinity. */
const REAL_LIMIT = 2 ** 128 - 2 ** 103;
const DAY_MICROS = 86_400_000_000n;

export function compileCast(env: CodeEnv, v: TypedValue, expr: Cast): CodeValue {
  const { type: to, mode } = expr;
  const from = v.type;
  if (sameType(from, to) || onlyCollation(from, to)) return v;
  const target = physOf(to);
  const result = env.variable(target, v.pushNull !== undefined, widensOneWord(v, to));
  if (result.nullLocal >= 0) {
    result.assignNull();
    v.pushNull!();
    env.fb.set(result.nullLocal);
  }
  unlessNull(env, [v], () => convert(env, { v, from, to, mode, result, rounds: roundsScale(expr) }));
  return result;
}

/** What the conversion refuses is NULL. */
export function compileTryCast(
  env: CodeEnv,
  v: TypedValue,
  expr: Extract<BoundExpr, { kind: 'trycast' }>,
): CodeValue {
  const { type: to, rounds } = expr;
  if (sameType(v.type, to)) return v;
  const result = env.variable(physOf(to), true, widensOneWord(v, to));
  result.assignNull();
  unlessNull(env, [v], () => {
    const conversion = { v, from: v.type, to, mode: 'explicit', result, rounds: rounds === true } as const;
    env.attempt(
      () => {
        convert(env, conversion);
        result.setNull(() => env.fb.i32_const(0));
      },
      () => result.assignNull(),
    );
  });
  return result;
}

/** The types say the same of the value itself. */
const onlyCollation = (from: SqlType, to: SqlType): boolean =>
  from.collation !== to.collation && sameType(withCollation(from, to.collation), to);

/** An exact number in one word that becomes a wide numeric of its own scale: it stays in one word, and it always fits. */
function widensOneWord(v: TypedValue, to: SqlType): boolean {
  if (to.name !== 'numeric' || physOf(to) !== 'i128' || scaleOf(to) !== scaleOf(v.type)) return false;
  return (isInteger(v.type) || v.type.name === 'numeric') && (v.phys !== 'i128' || v.fits64 === true);
}

/** One conversion of a value that is not NULL. */
interface Conversion {
  readonly v: CodeValue;
  readonly from: SqlType;
  readonly to: SqlType;
  readonly mode: Mode;
  readonly result: CodeVariable;
  readonly rounds: boolean;
}

const scaleOf = (t: SqlType): number => (t.name === 'numeric' ? (t.scale ?? 0) : 0);
const OWN_TEXT: readonly string[] = ['bool', 'date', 'intervaly2m'];
const is32 = (t: SqlType): boolean => TYPE_INFO[t.name].phys === 'i32' && !OWN_TEXT.includes(t.name);

function convert(env: CodeEnv, c: Conversion): void {
  const { fb } = env;
  const { v, from, to, mode, result } = c;
  // Arrays are text in both types; castMode lets through only what needs no other text.
  if (isArray(from) && isArray(to)) {
    v.push();
    env.fb.set(result.low);
    return;
  }
  // Both spatial types have one form.
  if (from.name === 'geography' && to.name === 'geometry') {
    v.push();
    env.fb.set(result.low);
    return;
  }
  if (to.name === 'hllsketch') return call(env, 'text_to_hllsketch', v, result);
  if (from.name === 'varbyte' || to.name === 'varbyte') return bytesCast(env, c);
  if (isString(from) || from.name === 'unknown')
    return isString(to) || physOf(to) === 'str'
      ? textToText(env, v, from, to, mode, result)
      : fromText(env, v, to, result);
  if (isString(to)) return toText(env, v, from, to, mode, result);
  if (to.name === 'numeric') return toNumeric(env, c);
  if (from.name === 'numeric') return fromNumeric(env, c);
  if (isFloat(from) || isFloat(to)) return floatCast(env, v, from, to, result);
  if (to.name === 'bool') {
    v.push();
    if (v.phys === 'i64') {
      fb.i64_const(0n);
      fb.do('i64_ne');
    } else {
      fb.i32_const(0);
      fb.do('i32_ne');
    }
    fb.set(result.low);
    return;
  }
  if (isInteger(to) || is32(to)) {
    const wide = fb.local('i64');
    v.push();
    if (v.phys === 'i32') fb.do('i64_extend_i32_s');
    fb.set(wide);
    if (result.phys === 'i64') fb.get(wide);
    else {
      if (to.name === 'int2' || (v.phys === 'i64' && isInteger(to))) rangeCheck(env, wide, to);
      fb.get(wide);
      fb.do('i32_wrap_i64');
    }
    fb.set(result.low);
    return;
  }
  datetimeCast(env, v, from, to, result);
}

function call(env: CodeEnv, name: string, v: CodeValue, result: CodeVariable, extra: readonly number[] = []): void {
  const { fb } = env;
  if (result.phys === 'str') env.usesScratch = true;
  const params: ValType[] = ['i32', WASM_TYPE[v.phys]];
  fb.get(env.ctx);
  v.push();
  if (v.phys === 'i128') {
    v.pushHi!();
    params.push('i64');
  }
  for (const e of extra) {
    fb.i32_const(e);
    params.push('i32');
  }
  fb.call(env.kernel(name, params, [WASM_TYPE[result.phys]]));
  fb.set(result.low);
  if (result.high >= 0) {
    fb.get(env.ctx);
    fb.mem('i64_load', 16);
    fb.set(result.high);
  }
  env.checkError();
}

/** To and from VARBYTE: its bytes are a string's, with a CHAR's padding, or those of an integer, the first one highest. */
function bytesCast(env: CodeEnv, { v, from, to, mode, result }: Conversion): void {
  if (to.name !== 'varbyte') {
    call(env, isString(to) ? 'varbyte_to_text' : `varbyte_to_${to.name}`, v, result);
    if (isString(to)) limitLength(env, to, mode, result);
    return;
  }
  if (from.name === 'char' && from.length !== undefined) call(env, 'pad_char', v, result, [from.length]);
  else if (isInteger(from)) call(env, `${from.name}_to_varbyte`, v, result);
  else {
    v.push();
    env.fb.set(result.low);
  }
  if (to.length !== undefined && (from.length === undefined || from.length > to.length))
    call(env, mode === 'explicit' ? 'cast_varbyte_trunc' : 'check_varbyte_length', result, result, [to.length]);
}

/** What the fields of an interval type keep of the value in `result`. */
function cutToFields(env: CodeEnv, to: SqlType, result: CodeVariable): void {
  const unit = keptUnit(to);
  if (unit === 1n) return;
  const { fb } = env;
  const isRound = to.name === 'intervald2s' && isRoundedUnit(unit);
  fb.get(env.ctx);
  fb.get(result.low);
  fb.i64_const(unit);
  const word = WASM_TYPE[result.phys];
  fb.call(env.kernel(`${to.name}_${isRound ? 'round' : 'cut'}`, ['i32', word, 'i64'], [word]));
  fb.set(result.low);
  if (isRound) env.checkError();
}

/** Applies the length of char(n)/varchar(n) to the string in `result`. */
function limitLength(env: CodeEnv, to: SqlType, mode: Mode, result: CodeVariable): void {
  if (to.length === undefined) return;
  const trunc = to.name === 'char' ? 'cast_char_trunc' : 'cast_text_trunc';
  if (mode === 'explicit') call(env, trunc, result, result, [to.length]);
  else call(env, 'check_length', result, result, [to.length, to.name === 'char' ? 1 : 0]);
}

function textToText(env: CodeEnv, v: CodeValue, from: SqlType, to: SqlType, mode: Mode, result: CodeVariable): void {
  v.push();
  env.fb.set(result.low);
  const sameKind = to.name === from.name;
  if (to.length !== undefined && (!sameKind || from.length === undefined || from.length > to.length))
    limitLength(env, to, mode, result);
}

function fromText(env: CodeEnv, v: CodeValue, to: SqlType, result: CodeVariable): void {
  const name = is32(to) && !isInteger(to) ? 'int4' : to.name;
  if (to.name === 'numeric') {
    const wide = env.variable('i128', false);
    call(env, 'text_to_numeric', v, wide, [to.precision ?? 18, to.scale ?? 0]);
    if (result.phys === 'i128') {
      env.fb.get(wide.low);
      env.fb.set(result.low);
      env.fb.get(wide.high);
      env.fb.set(result.high);
    } else narrowTo64(env, wide, to.precision ?? 18, result.low);
    return;
  }
  if (to.name !== 'intervaly2m' && to.name !== 'intervald2s') return call(env, `text_to_${name}`, v, result);
  const { unit, minutesFirst } = readingOf(to);
  call(env, `text_to_${name}`, v, result, [unit, minutesFirst ? 1 : 0]);
  cutToFields(env, to, result);
}

function toText(env: CodeEnv, v: CodeValue, from: SqlType, to: SqlType, mode: Mode, result: CodeVariable): void {
  const { fb } = env;
  if (from.name === 'numeric') {
    fb.get(env.ctx);
    push128(env, v);
    fb.i32_const(from.scale ?? 0);
    fb.call(env.kernel('numeric_to_text', ['i32', 'i64', 'i64', 'i32'], ['i64']));
    fb.set(result.low);
    env.usesScratch = true;
    env.checkError();
  } else if (v.phys === 'str') {
    // Arrays, aclitem, tid: held as their text.
    v.push();
    fb.set(result.low);
  } else if (from.name === 'bool') call(env, 'cast_bool_text', v, result);
  else if (isInteger(from) || is32(from)) {
    const wide: CodeValue = {
      phys: 'i64',
      pushNull: undefined,
      push: () => (v.push(), v.phys === 'i32' ? fb.do('i64_extend_i32_s') : undefined),
    };
    call(env, 'int8_to_text', wide, result);
  } else call(env, `${from.name}_to_text`, v, result);
  limitLength(env, to, mode, result);
}

function toNumeric(env: CodeEnv, { v, from, to, result, rounds }: Conversion): void {
  const { fb } = env;
  const p = to.precision ?? 18;
  const s = to.scale ?? 0;
  if (isFloat(from)) {
    const wide = env.variable('i128', false);
    const f64: CodeValue = {
      phys: 'f64',
      pushNull: undefined,
      push: () => (v.push(), v.phys === 'f32' ? fb.do('f64_promote_f32') : undefined),
    };
    call(env, 'float8_to_numeric', f64, wide, [p, s]);
    finishNumeric(env, wide, p, result, false);
    return;
  }
  if (result.fits64) {
    v.push();
    if (v.phys === 'i32') fb.do('i64_extend_i32_s');
    fb.set(result.low);
    return;
  }
  const fromScale = scaleOf(from);
  const fromPrecision =
    from.name === 'numeric' ? (from.precision ?? 18) : from.name === 'int2' ? 5 : from.name === 'int4' ? 10 : 19;
  const needsCheck = fromPrecision - fromScale + (s < fromScale && rounds ? 1 : 0) > p - s;
  if (v.phys !== 'i128' && result.phys === 'i64' && s >= fromScale && fromPrecision + s - fromScale <= 18) {
    v.push();
    if (v.phys === 'i32') fb.do('i64_extend_i32_s');
    if (s > fromScale) {
      fb.i64_const(10n ** BigInt(s - fromScale));
      fb.do('i64_mul');
    }
    fb.set(result.low);
    if (needsCheck) {
      fb.get(env.ctx);
      fb.get(result.low);
      fb.i32_const(p);
      fb.call(env.kernel('numeric_check_64', ['i32', 'i64', 'i32'], []));
      env.checkError();
    }
    return;
  }
  const wide = rescale(env, v, s - fromScale, rounds);
  finishNumeric(env, wide, p, result, needsCheck);
}

function finishNumeric(env: CodeEnv, wide: CodeVariable, p: number, result: CodeVariable, check: boolean): void {
  const { fb } = env;
  if (result.phys === 'i64') return narrowTo64(env, wide, p, result.low);
  if (check) checkPrecision(env, wide, p);
  fb.get(wide.low);
  fb.set(result.low);
  fb.get(wide.high);
  fb.set(result.high);
}

function fromNumeric(env: CodeEnv, { v, from, to, result, rounds }: Conversion): void {
  const { fb } = env;
  const s = from.scale ?? 0;
  if (isFloat(to)) {
    fb.get(env.ctx);
    push128(env, v);
    fb.i32_const(s);
    fb.call(env.kernel('numeric_to_float8', ['i32', 'i64', 'i64', 'i32'], ['f64']));
    if (result.phys === 'f32') fb.do('f32_demote_f64');
    fb.set(result.low);
    return;
  }
  assert(isInteger(to) || to.name === 'oid', `no cast from numeric to ${to.name}`);
  const wide = rescale(env, v, -s, rounds);
  fb.get(wide.high);
  fb.get(wide.low);
  fb.i64_const(63n);
  fb.do('i64_shr_s', 'i64_ne');
  fb.if_(() => env.raise(INT_ERROR[to.name as keyof typeof INT_ERROR]));
  if (result.phys === 'i64') fb.get(wide.low);
  else {
    rangeCheck(env, wide.low, to);
    fb.get(wide.low);
    fb.do('i32_wrap_i64');
  }
  fb.set(result.low);
}

/** A DOUBLE PRECISION that is not zero and would become a REAL that is. */
function refuseBelowReal(env: CodeEnv, v: CodeValue): void {
  const { fb } = env;
  v.push();
  fb.do('f32_demote_f64', 'f64_promote_f32');
  fb.f64_const(0);
  fb.do('f64_eq');
  v.push();
  fb.f64_const(0);
  fb.do('f64_ne', 'i32_and');
  fb.if_(() => env.raise(FLOAT_UNDERFLOW));
}
/** A finite DOUBLE PRECISION that would become an infinite REAL. */
function refuseBeyondReal(env: CodeEnv, v: CodeValue): void {
  const { fb } = env;
  const push = (): void => (v.push(), fb.do('f64_abs'));
  push();
  fb.f64_const(REAL_LIMIT);
  fb.do('f64_ge');
  push();
  fb.f64_const(Infinity);
  fb.do('f64_lt', 'i32_and');
  fb.if_(() => env.raise(FLOAT_RANGE));
}

function floatCast(env: CodeEnv, v: CodeValue, from: SqlType, to: SqlType, result: CodeVariable): void {
  const { fb } = env;
  if (isFloat(to)) {
    if (v.phys === 'f64' && result.phys === 'f32') {
      refuseBeyondReal(env, v);
      refuseBelowReal(env, v);
    }
    v.push();
    if (v.phys === 'i32') fb.do('f64_convert_i32_s');
    else if (v.phys === 'i64') fb.do('f64_convert_i64_s');
    else if (v.phys === 'f32' && result.phys === 'f64') fb.do('f64_promote_f32');
    if (result.phys === 'f32' && v.phys !== 'f32') fb.do('f32_demote_f64');
    fb.set(result.low);
    return;
  }
  assert(isInteger(to), `no cast from ${from.name} to ${to.name}`);
  const limit = to.name === 'int2' ? 32768 : to.name === 'int4' ? 2147483648 : 9223372036854775808;
  const rounded = fb.local('f64');
  v.push();
  if (v.phys === 'f32') fb.do('f64_promote_f32');
  fb.do('f64_nearest');
  fb.set(rounded);
  // Also catches NaN: the comparison is false then.
  fb.get(rounded);
  fb.f64_const(-limit);
  fb.do('f64_ge');
  fb.get(rounded);
  fb.f64_const(limit);
  fb.do('f64_lt', 'i32_and', 'i32_eqz');
  fb.if_(() => env.raise(INT_ERROR[to.name as keyof typeof INT_ERROR]));
  fb.get(rounded);
  fb.op(0xb0); // i64.trunc_f64_s
  if (result.phys === 'i32') fb.do('i32_wrap_i64');
  fb.set(result.low);
}

function datetimeCast(env: CodeEnv, v: CodeValue, from: SqlType, to: SqlType, result: CodeVariable): void {
  const { fb } = env;
  const pair = `${from.name}>${to.name}`;
  switch (pair) {
    case 'date>timestamp':
      v.push();
      fb.do('i64_extend_i32_s');
      fb.i64_const(DAY_MICROS);
      fb.do('i64_mul');
      fb.set(result.low);
      return;
    case 'timestamp>date':
    case 'timestamp>time': {
      // Floor division: days = (t - ((t mod d) + d) mod d) / d.
      const time = fb.local('i64');
      v.push();
      fb.i64_const(DAY_MICROS);
      fb.do('i64_rem_s');
      fb.i64_const(DAY_MICROS);
      fb.do('i64_add');
      fb.i64_const(DAY_MICROS);
      fb.do('i64_rem_s');
      fb.set(time);
      if (to.name === 'time') fb.get(time);
      else {
        v.push();
        fb.get(time);
        fb.do('i64_sub');
        fb.i64_const(DAY_MICROS);
        fb.do('i64_div_s', 'i32_wrap_i64');
      }
      fb.set(result.low);
      return;
    }
    default:
      if (from.name === to.name) {
        v.push();
        fb.set(result.low);
      } else call(env, `${from.name}_to_${to.name}`, v, result);
      cutToFields(env, to, result);
  }
}
