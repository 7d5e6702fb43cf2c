/**
 * Bound expressions to WebAssembly. `compileExpr` emits the code of one expression for one row and gives back where
 * the value is. NULL logic of AND, OR, NOT, comparisons and strict operators is written here once. Errors are stored
 * in the context and leave the stage function; nothing traps.
 */
import { assert, unreachable } from '../common/assert.ts';
import { IN_LOOP_ITEMS_MIN } from '../common/limits.ts';
import type { BoundExpr, CompareOp } from './bound.ts';
import type { CodeEnv, CodeValue } from './code-env.ts';
import { isFloat, physOf, type SqlType } from '../types/sql-type.ts';
import { compileArith, compileNegate } from './compile-arith.ts';
import { compileCall } from './compile-call.ts';
import { compileCast } from './compile-cast.ts';
import { FALSE_BOOL, anyNull, compileLiteral } from './compile-literal.ts';

export type Compiler = (env: CodeEnv, expr: BoundExpr) => CodeValue;

export function compileExpr(env: CodeEnv, expr: BoundExpr): CodeValue {
  switch (expr.kind) {
    case 'const':
      return compileLiteral(env, expr.type, expr.value);
    case 'param':
      return env.parameter(env.paramSlot(expr.type, expr.index), expr.type);
    case 'column':
      return env.column(expr.id);
    case 'and':
    case 'or':
      return compileLogic(env, expr.kind, expr.args);
    case 'not': {
      const v = compileExpr(env, expr.arg);
      return { ...v, push: () => (v.push(), env.fb.do('i32_eqz')) };
    }
    case 'isnull': {
      const v = compileExpr(env, expr.arg);
      const { fb } = env;
      const test = (): void => {
        if (v.pushNull) v.pushNull();
        else fb.i32_const(0);
        if (expr.negated) fb.do('i32_eqz');
      };
      return { phys: 'i32', push: test, pushNull: undefined };
    }
    case 'istest':
      return compileTruthTest(env, expr);
    case 'compare':
      return compileCompare(env, expr.op, compileExpr(env, expr.left), compileExpr(env, expr.right));
    case 'arith':
      return env.memo(expr, () => compileArith(env, expr, compileExpr));
    case 'neg':
      return compileNegate(env, expr, compileExpr);
    case 'case':
      return compileCase(env, expr);
    case 'coalesce':
      return compileCoalesce(env, expr.type, expr.args);
    case 'inlist':
      return compileInList(env, expr);
    case 'cast':
      return compileCast(env, compileExpr(env, expr.arg), expr.arg.type, expr.type, expr.mode);
    case 'call':
      return compileCall(env, expr, compileExpr);
    case 'outer':
    case 'subquery':
      throw unreachable(expr as never, 'expression after the rewriter');
  }
}

/** Value of a condition as one i32: 1 when TRUE, 0 when FALSE or NULL. */
export function compileCondition(env: CodeEnv, expr: BoundExpr): void {
  const { fb } = env;
  if (expr.kind === 'and') {
    // Short circuit without three-valued work: NULL and FALSE both reject.
    const result = fb.local('i32');
    fb.i32_const(0);
    fb.set(result);
    const step = (i: number): void => {
      // A run of cheap comparisons is evaluated without branches.
      let next = i + 1;
      compileCondition(env, expr.args[i]!);
      while (isCheap(expr.args[i]!) && next < expr.args.length && isCheap(expr.args[next]!)) {
        compileCondition(env, expr.args[next++]!);
        fb.do('i32_and');
      }
      if (next >= expr.args.length) fb.set(result);
      else env.when(() => step(next));
    };
    step(0);
    fb.get(result);
    return;
  }
  const v = compileExpr(env, expr);
  v.push();
  if (v.pushNull) {
    v.pushNull();
    fb.do('i32_eqz', 'i32_and');
  }
}

/** A comparison of columns and literals that neither fails nor calls a kernel. */
function isCheap(expr: BoundExpr): boolean {
  const plain = (e: BoundExpr): boolean =>
    (e.kind === 'column' || e.kind === 'param' || e.kind === 'const') &&
    ['i32', 'i64', 'f32', 'f64'].includes(physOf(e.type));
  if (expr.kind === 'compare') return plain(expr.left) && plain(expr.right);
  return expr.kind === 'isnull' && expr.arg.kind === 'column';
}

/** Kleene AND/OR with short circuit: later arguments run only while the outcome is open. */
function compileLogic(env: CodeEnv, kind: 'and' | 'or', args: readonly BoundExpr[]): CodeValue {
  const { fb } = env;
  const result = env.variable('i32', true);
  const dominant = kind === 'and' ? 0 : 1;
  const step = (i: number): void => {
    const v = compileExpr(env, args[i]!);
    if (i === 0) result.assign(v);
    else {
      // result is not dominant here: dominant argument wins, NULL sticks, else keep.
      const isDominant = fb.local('i32');
      v.push();
      if (kind === 'and') fb.do('i32_eqz');
      if (v.pushNull) {
        v.pushNull();
        fb.do('i32_eqz', 'i32_and');
      }
      fb.set(isDominant);
      fb.get(isDominant);
      fb.if_(
        () => {
          fb.i32_const(dominant);
          fb.set(result.low);
          fb.i32_const(0);
          fb.set(result.nullLocal);
        },
        v.pushNull &&
          (() => {
            fb.get(result.nullLocal);
            v.pushNull!();
            fb.do('i32_or');
            fb.set(result.nullLocal);
          }),
      );
    }
    if (i === args.length - 1) return;
    // Open unless the result is dominant and known.
    fb.get(result.low);
    if (kind === 'or') fb.do('i32_eqz');
    fb.get(result.nullLocal);
    fb.do('i32_or');
    env.when(() => step(i + 1));
  };
  step(0);
  return result;
}

function compileTruthTest(env: CodeEnv, expr: Extract<BoundExpr, { kind: 'istest' }>): CodeValue {
  const { fb } = env;
  const v = compileExpr(env, expr.arg);
  const push = (): void => {
    if (expr.test === 'unknown') {
      if (v.pushNull) v.pushNull();
      else fb.i32_const(0);
    } else {
      v.push();
      if (expr.test === 'false') fb.do('i32_eqz');
      if (v.pushNull) {
        v.pushNull();
        fb.do('i32_eqz', 'i32_and');
      }
    }
    if (expr.negated) fb.do('i32_eqz');
  };
  return { phys: 'i32', push, pushNull: undefined };
}

const INT_OPS = {
  i32: { '=': 'i32_eq', '<>': 'i32_ne', '<': 'i32_lt_s', '<=': 'i32_le_s', '>': 'i32_gt_s', '>=': 'i32_ge_s' },
  i64: { '=': 'i64_eq', '<>': 'i64_ne', '<': 'i64_lt_s', '<=': 'i64_le_s', '>': 'i64_gt_s', '>=': 'i64_ge_s' },
  f32: { '=': 'f32_eq', '<>': 'f32_ne', '<': 'f32_lt', '<=': 'f32_le', '>': 'f32_gt', '>=': 'f32_ge' },
  f64: { '=': 'f64_eq', '<>': 'f64_ne', '<': 'f64_lt', '<=': 'f64_le', '>': 'f64_gt', '>=': 'f64_ge' },
} as const;

/** An i128 view of an integer-like value. */
export function widen128(env: CodeEnv, v: CodeValue): CodeValue {
  if (v.phys === 'i128') return v;
  const { fb } = env;
  const low = fb.local('i64');
  v.push();
  if (v.phys === 'i32') fb.do('i64_extend_i32_s');
  fb.set(low);
  return {
    phys: 'i128',
    push: () => fb.get(low),
    pushHi: () => {
      fb.get(low);
      fb.i64_const(63n);
      fb.do('i64_shr_s');
    },
    pushNull: v.pushNull,
  };
}

export function compileCompare(env: CodeEnv, op: CompareOp, left: CodeValue, right: CodeValue): CodeValue {
  const { fb } = env;
  let l = left;
  let r = right;
  if (l.phys !== r.phys) {
    if (l.phys === 'i128' || r.phys === 'i128') [l, r] = [widen128(env, l), widen128(env, r)];
    else if (l.phys === 'i32' && r.phys === 'i64') l = widenI64(env, l);
    else if (l.phys === 'i64' && r.phys === 'i32') r = widenI64(env, r);
    else if (l.phys === 'f32' && r.phys === 'f64')
      l = { ...l, phys: 'f64', push: () => (left.push(), fb.do('f64_promote_f32')) };
    else if (l.phys === 'f64' && r.phys === 'f32')
      r = { ...r, phys: 'f64', push: () => (right.push(), fb.do('f64_promote_f32')) };
  }
  assert(l.phys === r.phys, `comparing ${left.phys} with ${right.phys}`);
  const result = env.variable('i32', l.pushNull !== undefined || r.pushNull !== undefined);
  switch (l.phys) {
    case 'str': {
      l.push();
      r.push();
      if (op === '=' || op === '<>') {
        fb.call(env.kernel('str_eq', ['i64', 'i64'], ['i32']));
        if (op === '<>') fb.do('i32_eqz');
      } else {
        fb.call(env.kernel('str_cmp', ['i64', 'i64'], ['i32']));
        fb.i32_const(0);
        fb.do(INT_OPS.i32[op]);
      }
      break;
    }
    case 'i128':
      l.push();
      l.pushHi!();
      r.push();
      r.pushHi!();
      fb.call(env.kernel('i128_cmp', ['i64', 'i64', 'i64', 'i64'], ['i32']));
      fb.i32_const(0);
      fb.do(INT_OPS.i32[op]);
      break;
    default:
      l.push();
      r.push();
      fb.do(INT_OPS[l.phys][op]);
  }
  fb.set(result.low);
  if (result.nullLocal >= 0) {
    anyNull(env, [l, r])!();
    fb.set(result.nullLocal);
  }
  return result;
}

export function widenI64(env: CodeEnv, v: CodeValue): CodeValue {
  if (v.phys !== 'i32') return v;
  return { ...v, phys: 'i64', push: () => (v.push(), env.fb.do('i64_extend_i32_s')) };
}

/** Makes every branch of CASE and COALESCE have the physical form of the result's type. */
function toPhys(env: CodeEnv, v: CodeValue, type: SqlType): CodeValue {
  const want = physOf(type);
  if (v.phys === want) return v;
  if (want === 'i128') return widen128(env, v);
  if (want === 'i64') return widenI64(env, v);
  if (want === 'f64' && v.phys === 'f32')
    return { ...v, phys: 'f64', push: () => (v.push(), env.fb.do('f64_promote_f32')) };
  throw unreachable(v.phys as never, `branch of type ${isFloat(type) ? 'float' : type.name} held as`);
}

function compileCase(env: CodeEnv, expr: Extract<BoundExpr, { kind: 'case' }>): CodeValue {
  const result = env.variable(physOf(expr.type), true);
  const step = (i: number): void => {
    if (i === expr.whens.length) {
      result.assign(toPhys(env, compileExpr(env, expr.otherwise), expr.type));
      return;
    }
    compileCondition(env, expr.whens[i]!.when);
    env.when(
      () => result.assign(toPhys(env, compileExpr(env, expr.whens[i]!.then), expr.type)),
      () => step(i + 1),
    );
  };
  step(0);
  return result;
}

function compileCoalesce(env: CodeEnv, type: SqlType, args: readonly BoundExpr[]): CodeValue {
  const result = env.variable(physOf(type), true);
  const step = (i: number): void => {
    const v = compileExpr(env, args[i]!);
    result.assign(toPhys(env, v, type));
    if (v.pushNull && i < args.length - 1) {
      v.pushNull();
      env.when(() => step(i + 1));
    }
  };
  step(0);
  return result;
}

/** The first slot when the items are many literals in successive slots (as normalised), to be looped over. */
function literalRun(env: CodeEnv, items: readonly BoundExpr[]): number | undefined {
  const slots = items.map((item) =>
    item.kind === 'param' && item.index < 0 ? env.paramSlot(item.type, item.index) : undefined,
  );
  const first = slots[0];
  if (items.length < IN_LOOP_ITEMS_MIN || first === undefined) return undefined;
  const phys = physOf(items[0]!.type);
  return slots.every((s, i) => s === first + i && physOf(items[i]!.type) === phys) ? first : undefined;
}

function compileInList(env: CodeEnv, expr: Extract<BoundExpr, { kind: 'inlist' }>): CodeValue {
  const { fb } = env;
  const arg = env.settle(compileExpr(env, expr.arg));
  const result = env.variable('i32', true);
  result.assign(FALSE_BOOL(env));
  const sawNull = fb.local('i32');
  fb.i32_const(0);
  fb.set(sawNull);
  fb.block((done) => {
    const run = literalRun(env, expr.items);
    if (run !== undefined) {
      env.eachLiteral(run, expr.items.length, expr.items[0]!.type, (item) => {
        compileCompare(env, '=', { ...arg, push: arg.push, pushHi: arg.pushHi, pushNull: undefined }, item).push();
        fb.if_(() => {
          fb.i32_const(1);
          fb.set(result.low);
          fb.br(done);
        });
      });
    }
    for (const item of run === undefined ? expr.items : []) {
      env.enter();
      const c = compileCompare(
        env,
        '=',
        { ...arg, push: arg.push, pushHi: arg.pushHi, pushNull: undefined },
        compileExpr(env, item),
      );
      if (c.pushNull) {
        fb.get(sawNull);
        c.pushNull();
        fb.do('i32_or');
        fb.set(sawNull);
      }
      c.push();
      if (c.pushNull) {
        c.pushNull();
        fb.do('i32_eqz', 'i32_and');
      }
      fb.if_(() => {
        fb.i32_const(1);
        fb.set(result.low);
        fb.br(done);
      });
      env.leave();
    }
  });
  // NULL when the argument is NULL, or nothing matched and an item was NULL.
  fb.get(result.low);
  fb.do('i32_eqz');
  fb.get(sawNull);
  fb.do('i32_and');
  if (arg.pushNull) {
    arg.pushNull();
    fb.do('i32_or');
  }
  fb.set(result.nullLocal);
  if (expr.negated) {
    fb.get(result.low);
    fb.do('i32_eqz');
    fb.set(result.low);
  }
  return result;
}
