/**
 * Look-up of SQL functions by name or alias. The analyser asks it with folded names; a later entry never replaces an
 * earlier one, because a clash is a bug that the registry's constructor reports.
 */
import { assert } from '../common/assert.ts';
import type { AggregateFunction, ScalarFunction } from './define.ts';

export interface FunctionRegistry {
  /** The scalar function or aggregate of that name or alias. */
  lookup(name: string): ScalarFunction | AggregateFunction | undefined;
}

export function createFunctionRegistry(
  scalars: readonly ScalarFunction[],
  aggregates: readonly AggregateFunction[],
): FunctionRegistry {
  const byName = new Map<string, ScalarFunction | AggregateFunction>();
  for (const entry of [...scalars, ...aggregates]) {
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      assert(!byName.has(name), `two functions are called ${name}`);
      byName.set(name, entry);
    }
  }
  return { lookup: (name) => byName.get(name) };
}
