/**
 * Parts of an expression as functions of their own (code-size.ts says which): their values come back as results.
 */
import { assert } from '../common/assert.ts';
import { physOf } from '../types/sql-type.ts';
import type { BoundExpr } from './bound.ts';
import {
  typedValue,
  WASM_TYPE,
  type CodeEnv,
  type CodeValue,
  type CodeVariable,
  type TypedValue,
} from './code-env.ts';

type Case = Extract<BoundExpr, { kind: 'case' }>;
/** Emits arms of a CASE: the first that holds sets `result` and decides. */
type Whens = (env: CodeEnv, expr: Case, whens: Case['whens'], result: CodeVariable, decide: () => void) => void;

/** The value as the result of a function of its own. */
export function compileApart(
  env: CodeEnv,
  expr: BoundExpr,
  compile: (env: CodeEnv, e: BoundExpr) => CodeValue,
): CodeValue {
  return env.memo(expr, () => {
    if (physOf(expr.type) === 'i32') return compileLater(env, expr, compile);
    let made: TypedValue | undefined;
    env.apart([], (inner) => {
      const value = typedValue(inner, expr.type, compile(inner, expr));
      made = value;
      value.push();
      if (value.phys === 'i128') value.pushHi!();
      value.pushNull?.();
      return [
        WASM_TYPE[value.phys],
        ...(value.phys === 'i128' ? [WASM_TYPE.i64] : []),
        ...(value.pushNull ? [WASM_TYPE.i32] : []),
      ];
    });
    assert(made !== undefined, 'a function of its own is emitted at once');
    const result = env.variable(made.phys, made.pushNull !== undefined);
    for (const local of [result.nullLocal, result.high, result.low]) if (local >= 0) env.fb.set(local);
    return result;
  });
}
/** The same where the form of the result is known beforehand. */
function compileLater(
  env: CodeEnv,
  expr: BoundExpr,
  compile: (env: CodeEnv, e: BoundExpr) => CodeValue,
): CodeVariable {
  env.apartLater([], [WASM_TYPE.i32, WASM_TYPE.i32], (inner) => {
    const value = typedValue(inner, expr.type, compile(inner, expr));
    value.push();
    if (value.pushNull) value.pushNull();
    else inner.fb.i32_const(0);
  });
  const result = env.variable('i32', true);
  env.fb.set(result.nullLocal);
  env.fb.set(result.low);
  return result;
}
/** Some arms in a function of their own: sets the result and leaves 1 when one of them holds. */
export function whensApart(
  env: CodeEnv,
  expr: Case,
  whens: Case['whens'],
  result: CodeVariable,
  compileWhens: Whens,
): void {
  const { fb } = env;
  const results = [
    WASM_TYPE[result.phys],
    ...(result.high >= 0 ? [WASM_TYPE.i64] : []),
    WASM_TYPE.i32,
    WASM_TYPE.i32,
  ];
  env.apartLater([], results, (inner) => {
    const found = inner.variable(result.phys, true);
    const holds = inner.fb.local('i32');
    inner.fb.block((decided) => {
      const decide = (): void => {
        inner.fb.i32_const(1);
        inner.fb.set(holds);
        inner.fb.br(decided);
      };
      compileWhens(inner, expr, whens, found, decide);
      if (whens.length > 1) inner.leave();
    });
    found.push();
    if (found.high >= 0) found.pushHi!();
    found.pushNull!();
    inner.fb.get(holds);
  });
  const holds = fb.local('i32');
  fb.set(holds);
  for (const local of [result.nullLocal, result.high, result.low]) if (local >= 0) fb.set(local);
  fb.get(holds);
}
