/**
 * Look-up of SQL functions by name or alias. The analyser asks it with folded names; a later entry never replaces an
 * earlier one, because a clash is a bug that the registry's constructor reports.
 */
import { assert } from '../common/assert.ts';
import type { AggregateFunction, ScalarFunction, WindowFunction } from './define.ts';

export type SqlFunction = ScalarFunction | AggregateFunction | WindowFunction;

export interface FunctionRegistry {
  /** The scalar function, aggregate or window function of that name or alias. */
  lookup(name: string): SqlFunction | undefined;
}

export function createFunctionRegistry(
  scalars: readonly ScalarFunction[],
  aggregates: readonly AggregateFunction[],
  windows: readonly WindowFunction[] = [],
): FunctionRegistry {
  const byName = new Map<string, SqlFunction>();
  for (const entry of [...scalars, ...aggregates, ...windows]) {
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      assert(!byName.has(name), `two functions are called ${name}`);
      byName.set(name, entry);
    }
  }
  return { lookup: (name) => byName.get(name) };
}
