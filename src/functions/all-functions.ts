/**
 * Every SQL function, from the files of scalar/ and aggregate/ through the generated registry.
 */
import type { AggregateFunction, ScalarFunction } from './define.ts';
import { ENTRIES } from './registry.generated.ts';

const entries: readonly (ScalarFunction | AggregateFunction)[] = ENTRIES;
export const scalarFunctions: readonly ScalarFunction[] = entries.filter((f) => f.kind === 'scalar');
export const aggregateFunctions: readonly AggregateFunction[] = entries.filter((f) => f.kind === 'aggregate');
