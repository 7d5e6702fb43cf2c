/**
 * Comparison of two values by what their type says makes them equal and which comes first (types/identity.ts). Every
 * comparison of the engine comes here: operators, IN lists, MIN and MAX, join and group keys.
 */
import { assert } from '../common/assert.ts';
import { comparable, identityOf } from '../types/identity.ts';
import type { CompareOp } from './bound.ts';
import { typedValue, widen128, type CodeEnv, type CodeValue, type TypedValue } from './code-env.ts';
import { anyNull } from './compile-literal.ts';
import { FLOAT8 } from '../types/sql-type.ts';
import { listForm } from '../types/value-list.ts';
import type { ValType } from '../wasm/assembler.ts';
import { CTX } from '../wasm/memory-map.ts';

const ORDER = {
  i32: { '=': 'i32_eq', '<>': 'i32_ne', '<': 'i32_lt_s', '<=': 'i32_le_s', '>': 'i32_gt_s', '>=': 'i32_ge_s' },
  i64: { '=': 'i64_eq', '<>': 'i64_ne', '<': 'i64_lt_s', '<=': 'i64_le_s', '>': 'i64_gt_s', '>=': 'i64_ge_s' },
} as const;

/** NULL when either side is; otherwise 1 or 0. */
export function compileCompare(env: CodeEnv, op: CompareOp, left: TypedValue, right: TypedValue): CodeValue {
  const { fb } = env;
  const result = env.variable('i32', left.pushNull !== undefined || right.pushNull !== undefined);
  pushCompare(env, op, left, right);
  fb.set(result.low);
  if (result.nullLocal >= 0) {
    anyNull(env, [left, right])!();
    fb.set(result.nullLocal);
  }
  return result;
}

/** Pushes 1 or 0 for two values that are not NULL (for NULL: anything). */
export function pushCompare(env: CodeEnv, op: CompareOp, left: TypedValue, right: TypedValue): void {
  assert(comparable(left.type, right.type), `comparing ${left.type.name} with ${right.type.name}`);
  switch (identityOf(left.type)) {
    case 'integer':
    case 'numeric':
      return pushExact(env, op, left, right);
    case 'float':
      return pushFloats(env, op, left, right);
    case 'string':
      return pushStrings(env, op, left, right);
    case 'folded':
      return pushStrings(env, op, left, right, 'folded');
    case 'bytes':
      return pushStrings(env, op, left, right, 'bytes');
    case 'interval':
      return push128s(env, op, intervalSpan(env, left), intervalSpan(env, right));
    case 'super':
      return pushSupers(env, op, left, right);
  }
}

/** Integers and numerics of one scale. Values that fit one word (by type, or proven) are compared there. */
function pushExact(env: CodeEnv, op: CompareOp, left: TypedValue, right: TypedValue): void {
  const oneWord = (v: CodeValue): boolean => v.phys !== 'i128' || v.fits64 === true;
  if (!oneWord(left) || !oneWord(right)) return push128s(env, op, widen128(env, left), widen128(env, right));
  const { fb } = env;
  const form = left.phys === 'i32' && right.phys === 'i32' ? 'i32' : 'i64';
  for (const v of [left, right]) {
    v.push();
    if (form === 'i64' && v.phys === 'i32') fb.do('i64_extend_i32_s');
  }
  fb.do(ORDER[form][op]);
}

function push128s(env: CodeEnv, op: CompareOp, left: CodeValue, right: CodeValue): void {
  const { fb } = env;
  if (op === '=' || op === '<>') {
    left.push();
    right.push();
    fb.do('i64_eq');
    left.pushHi!();
    right.pushHi!();
    fb.do('i64_eq', 'i32_and');
    if (op === '<>') fb.do('i32_eqz');
    return;
  }
  left.push();
  left.pushHi!();
  right.push();
  right.pushHi!();
  fb.call(env.kernel('i128_cmp', ['i64', 'i64', 'i64', 'i64'], ['i32']));
  fb.i32_const(0);
  fb.do(ORDER.i32[op]);
}

/** NaN equals itself and is above every number; WebAssembly's comparisons are false beside a NaN. */
function pushFloats(env: CodeEnv, op: CompareOp, left: TypedValue, right: TypedValue): void {
  const { fb } = env;
  const local = (v: TypedValue): number => {
    const at = fb.local('f64');
    typedValue(env, FLOAT8, v).push();
    fb.set(at);
    return at;
  };
  const [a, b] = [local(left), local(right)];
  const isNaN = (v: number): void => (fb.get(v), fb.get(v), fb.do('f64_ne'));
  const isNumber = (v: number): void => (fb.get(v), fb.get(v), fb.do('f64_eq'));
  const plain = (o: 'f64_eq' | 'f64_lt' | 'f64_le' | 'f64_gt' | 'f64_ge'): void => {
    fb.get(a);
    fb.get(b);
    fb.do(o);
  };
  switch (op) {
    case '=':
    case '<>':
      plain('f64_eq');
      isNaN(a);
      isNaN(b);
      fb.do('i32_and', 'i32_or');
      if (op === '<>') fb.do('i32_eqz');
      return;
    case '<':
      plain('f64_lt');
      isNaN(b);
      isNumber(a);
      fb.do('i32_and', 'i32_or');
      return;
    case '<=':
      plain('f64_le');
      isNaN(b);
      fb.do('i32_or');
      return;
    case '>':
      plain('f64_gt');
      isNaN(a);
      isNumber(b);
      fb.do('i32_and', 'i32_or');
      return;
    case '>=':
      plain('f64_ge');
      isNaN(a);
      fb.do('i32_or');
  }
}

/** By the kernels str_eq and str_cmp, folded_eq and folded_cmp, or bytes_eq and bytes_cmp. */
function pushStrings(
  env: CodeEnv,
  op: CompareOp,
  left: TypedValue,
  right: TypedValue,
  kind: 'str' | 'folded' | 'bytes' = 'str',
): void {
  const { fb } = env;
  left.push();
  right.push();
  if (op === '=' || op === '<>') {
    fb.call(env.kernel(`${kind}_eq`, ['i64', 'i64'], ['i32']));
    if (op === '<>') fb.do('i32_eqz');
    return;
  }
  fb.call(env.kernel(`${kind}_cmp`, ['i64', 'i64'], ['i32']));
  fb.i32_const(0);
  fb.do(ORDER.i32[op]);
}

function pushSupers(env: CodeEnv, op: CompareOp, left: TypedValue, right: TypedValue): void {
  const { fb } = env;
  const equality = op === '=' || op === '<>';
  fb.get(env.ctx);
  left.push();
  right.push();
  fb.call(env.kernel(equality ? 'super_eq' : 'super_cmp', ['i32', 'i64', 'i64'], ['i32']));
  if (op === '<>') fb.do('i32_eqz');
  if (equality) return;
  fb.i32_const(0);
  fb.do(ORDER.i32[op]);
}

/** What intervals are compared, hashed and sorted by: microseconds, months of 30 days. */
export function intervalSpan(env: CodeEnv, v: TypedValue): CodeValue {
  const { fb } = env;
  const span = env.variable('i128', false);
  fb.get(env.ctx);
  v.push();
  v.pushHi!();
  fb.call(env.kernel('interval_span', ['i32', 'i64', 'i64'], ['i64']));
  fb.set(span.low);
  fb.get(env.ctx);
  fb.mem('i64_load', CTX.RET_HI);
  fb.set(span.high);
  return span;
}

/** Pushes 1 when a value that is not NULL is in the value list whose address is in `list`. */
export function pushListed(env: CodeEnv, list: number, value: TypedValue): void {
  const { fb } = env;
  const form = listForm(value.type);
  assert(form, `a list of ${value.type.name}`);
  const v = form === 'f64' ? typedValue(env, FLOAT8, value) : value;
  fb.get(list);
  v.push();
  if (form === 'i64' && v.phys === 'i32') fb.do('i64_extend_i32_s');
  if (form === 'i128') v.pushHi!();
  const words: readonly ValType[] = form === 'i128' ? ['i64', 'i64'] : [form === 'f64' ? 'f64' : 'i64'];
  fb.call(env.kernel(`list_has_${form}`, ['i32', ...words], ['i32']));
}
