/**
 * Bound expressions to WebAssembly. `compileExpr` emits the code of one expression for one row and gives back where
 * the value is. NULL logic of AND, OR, NOT, comparisons and strict operators is written here once. Errors are stored
 * in the context and leave the stage function; nothing traps.
 */
import { assert, unreachable } from '../common/assert.ts';
import type { BoundExpr } from './bound.ts';
import { argumentsInRuns, inRuns, standsApart, weightOf } from './code-size.ts';
import {
  typedValue,
  WASM_TYPE,
  type CodeEnv,
  type CodeValue,
  type CodeVariable,
  type TypedValue,
} from './code-env.ts';
import { PackedList } from '../types/packed-list.ts';
import { physOf, type SqlType } from '../types/sql-type.ts';
import { LIST_HAS_NULL } from '../types/value-list.ts';
import { compileApart, whensApart } from './compile-apart.ts';
import { compileArith, compileNegate } from './compile-arith.ts';
import { compileArms, compileItem, logicResult } from './compile-arms.ts';
import { compileCall } from './compile-call.ts';
import { compileCast, compileTryCast } from './compile-cast.ts';
import { compileLet } from './compile-let.ts';
import { compileCompare, pushListed } from './compile-compare.ts';
import { FALSE_BOOL, compileLiteral } from './compile-literal.ts';

export type Compiler = (env: CodeEnv, expr: BoundExpr) => TypedValue;

/** The expression's value, in its type's own physical form. */
export const compileExpr: Compiler = (env, expr) =>
  typedValue(env, expr.type, standsApart(expr) ? compileApart(env, expr, compileNode) : compileNode(env, expr));

function compileNode(env: CodeEnv, expr: BoundExpr): CodeValue {
  switch (expr.kind) {
    case 'const':
      return compileLiteral(env, expr.type, expr.value);
    case 'param':
      return env.parameter(env.paramSlot(expr.type, expr.index), expr.type);
    case 'column':
      return env.column(expr.id);
    case 'and':
    case 'or':
      return compileLogic(env, expr.kind, argumentsInRuns(expr));
    case 'not': {
      const v = compileExpr(env, expr.arg);
      return { ...v, push: () => (v.push(), env.fb.do('i32_eqz')) };
    }
    case 'isnull': {
      const v = expr.arg.kind === 'column' ? env.kept(expr.arg.id) : compileExpr(env, expr.arg);
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
    case 'arms':
      return compileArms(env, expr, compileExpr, compileCondition);
    case 'item':
      return compileItem(env, expr);
    case 'cast':
      return compileCast(env, compileExpr(env, expr.arg), expr);
    case 'trycast':
      return compileTryCast(env, compileExpr(env, expr.arg), expr);
    case 'call':
      if (env.functionByName(expr.name)?.once !== true) return compileCall(env, expr, compileExpr);
      return env.memo(expr, () => compileCall(env, expr, compileExpr));
    case 'let':
      return env.memo(expr, () => compileLet(env, expr, compileExpr));
    case 'local':
      return env.localOf(expr.id);
    case 'outer':
    case 'subquery':
      throw unreachable(expr as never, 'expression after the rewriter');
  }
}

/** Value of a condition as one i32: 1 when TRUE, 0 when FALSE or NULL. */
export function compileCondition(env: CodeEnv, expr: BoundExpr): void {
  const { fb } = env;
  if (expr.kind === 'and' || expr.kind === 'or') {
    if (!standsApart(expr)) return compileChain(env, expr.kind, expr.args);
    return env.apartLater([], [WASM_TYPE.i32], (inner) => compileChain(inner, expr.kind, argumentsInRuns(expr)));
  }
  const v = compileExpr(env, expr);
  v.push();
  if (v.pushNull) {
    v.pushNull();
    fb.do('i32_eqz', 'i32_and');
  }
}

const compileChain = (env: CodeEnv, kind: 'and' | 'or', args: readonly BoundExpr[]): void =>
  kind === 'and' ? compileAllOf(env, args) : compileAnyOf(env, args);

/** AND as a condition. Short circuit without three-valued work: NULL and FALSE both reject. */
function compileAllOf(env: CodeEnv, args: readonly BoundExpr[]): void {
  const { fb } = env;
  const result = fb.local('i32');
  fb.i32_const(0);
  fb.set(result);
  let entered = false;
  fb.block((rejected) => {
    for (let next = 0; next < args.length;) {
      const first = args[next++]!;
      compileCondition(env, first);
      // A run of cheap comparisons is evaluated without branches.
      while (isCheap(first) && next < args.length && isCheap(args[next]!)) {
        compileCondition(env, args[next++]!);
        fb.do('i32_and');
      }
      if (next === args.length) {
        fb.set(result);
        break;
      }
      fb.do('i32_eqz');
      fb.br_if(rejected);
      if (!entered) env.enter();
      entered = true;
    }
  });
  if (entered) env.leave();
  fb.get(result);
}

/** OR as a condition: the first that is TRUE decides. */
function compileAnyOf(env: CodeEnv, args: readonly BoundExpr[]): void {
  const { fb } = env;
  const result = fb.local('i32');
  fb.block((accepted) => {
    for (const [i, arg] of args.entries()) {
      if (i === 1) env.enter();
      compileCondition(env, arg);
      fb.tee(result);
      fb.br_if(accepted);
    }
  });
  if (args.length > 1) env.leave();
  fb.get(result);
}

/** A comparison of columns and literals that neither fails nor calls a kernel. */
function isCheap(expr: BoundExpr): boolean {
  const plain = (e: BoundExpr): boolean =>
    (e.kind === 'column' || e.kind === 'param' || e.kind === 'const') &&
    ['i32', 'i64', 'f32', 'f64'].includes(physOf(e.type));
  if (expr.kind === 'compare') return plain(expr.left) && plain(expr.right);
  return expr.kind === 'isnull' && expr.arg.kind === 'column';
}

/**
 * Kleene AND/OR with short circuit: later arguments run only while the outcome is open. One behind the other in a block
 * that the first dominant argument leaves, so that neither nesting nor time grows with more than their number.
 */
function compileLogic(env: CodeEnv, kind: 'and' | 'or', args: readonly BoundExpr[]): CodeValue {
  const { fb } = env;
  const result = env.variable('i32', true);
  const isDominant = fb.local('i32');
  fb.i32_const(0);
  fb.set(result.nullLocal);
  fb.block((decided) => {
    for (const [i, arg] of args.entries()) {
      // What runs behind the first argument may not run: its values are not seen outside.
      if (i === 1) env.enter();
      const v = compileExpr(env, arg);
      v.push();
      if (kind === 'and') fb.do('i32_eqz');
      if (v.pushNull) {
        v.pushNull();
        fb.do('i32_eqz', 'i32_and');
      }
      fb.tee(isDominant);
      fb.br_if(decided);
      if (!v.pushNull) continue;
      fb.get(result.nullLocal);
      v.pushNull();
      fb.do('i32_or');
      fb.set(result.nullLocal);
    }
  });
  if (args.length > 1) env.leave();
  return logicResult(env, kind, result, isDominant);
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

/** A branch of CASE or COALESCE in the result's own form. */
const compileAs = (env: CodeEnv, e: BoundExpr, type: SqlType): TypedValue =>
  typedValue(env, type, compileExpr(env, e));

/** Conditions one behind the other; the first that holds gives its result and leaves. */
function compileCase(env: CodeEnv, expr: Case): CodeValue {
  const { fb } = env;
  const result = env.variable(physOf(expr.type), true);
  const runs = inRuns(expr.whens, (w) => weightOf(w.when) + weightOf(w.then));
  fb.block((decided) => {
    if (runs.length === 1) compileWhens(env, expr, expr.whens, result, () => fb.br(decided));
    else for (const whens of runs) (whensApart(env, expr, whens, result, compileWhens), fb.br_if(decided));
    if (runs.length > 1 || expr.whens.length === 1) env.enter();
    result.assign(compileAs(env, expr.otherwise, expr.type));
  });
  env.leave();
  return result;
}
type Case = Extract<BoundExpr, { kind: 'case' }>;

function compileWhens(
  env: CodeEnv,
  { type }: Case,
  whens: Case['whens'],
  result: CodeVariable,
  decide: () => void,
): void {
  for (const [i, { when, then }] of whens.entries()) {
    if (i === 1) env.enter();
    compileCondition(env, when);
    env.when(() => {
      result.assign(compileAs(env, then, type));
      decide();
    });
  }
}
function compileCoalesce(env: CodeEnv, type: SqlType, args: readonly BoundExpr[]): CodeValue {
  const { fb } = env;
  const result = env.variable(physOf(type), true);
  let entered = false;
  fb.block((decided) => {
    for (const [i, arg] of args.entries()) {
      if (i === 1) {
        env.enter();
        entered = true;
      }
      const v = compileAs(env, arg, type);
      result.assign(v);
      if (!v.pushNull) break;
      if (i === args.length - 1) break;
      v.pushNull();
      fb.do('i32_eqz');
      fb.br_if(decided);
    }
  });
  if (entered) env.leave();
  return result;
}

function compileInList(env: CodeEnv, expr: Extract<BoundExpr, { kind: 'inlist' }>): CodeValue {
  const { fb } = env;
  const arg = env.settle(compileExpr(env, expr.arg));
  const present: TypedValue = { ...arg, pushNull: undefined };
  const result = env.variable('i32', true);
  result.assign(FALSE_BOOL(env));
  const sawNull = fb.local('i32');
  fb.i32_const(0);
  fb.set(sawNull);
  if (expr.list !== undefined) {
    const list = env.valueList(expr.list);
    pushListed(env, list, present);
    fb.set(result.low);
    fb.get(list);
    fb.mem('i32_load', LIST_HAS_NULL);
    fb.set(sawNull);
  }
  const { items } = expr;
  assert(!(items instanceof PackedList), 'packed items are data of the segment');
  fb.block((done) => {
    for (const item of items) {
      env.enter();
      const c = compileCompare(env, '=', present, compileExpr(env, item));
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
