/**
 * Literals and small pieces the other expression emitters share. A literal never becomes an instruction operand: it
 * gets a slot of the segment's parameter block, so that queries that differ in literals only share their code. NULL
 * and booleans are part of the shape.
 */
import type { CodeEnv, CodeValue } from './code-env.ts';
import type { ConstValue } from './bound.ts';
import { physOf, type SqlType } from '../types/sql-type.ts';

export const FALSE_BOOL = (env: CodeEnv): CodeValue => env.constant('i32', 0);

export function compileLiteral(env: CodeEnv, type: SqlType, value: ConstValue): CodeValue {
  const phys = physOf(type);
  if (value === null) return env.constant(phys, 0, true);
  if (type.name === 'bool') return env.constant('i32', Number(value));
  return env.parameter(env.literalSlot(type, value), type);
}

/** Pushes 1 when any of the values is NULL; undefined when none can be. */
export function anyNull(env: CodeEnv, values: readonly CodeValue[]): (() => void) | undefined {
  const nullable = values.filter((v) => v.pushNull !== undefined);
  if (nullable.length === 0) return undefined;
  return () => {
    for (const [i, v] of nullable.entries()) {
      v.pushNull!();
      if (i > 0) env.fb.do('i32_or');
    }
  };
}

/** Emits `body` only when none of the values is NULL, `result` keeps NULL otherwise. */
export function unlessNull(env: CodeEnv, values: readonly CodeValue[], body: () => void): void {
  const test = anyNull(env, values);
  if (!test) return body();
  test();
  env.fb.do('i32_eqz');
  env.when(body);
}
