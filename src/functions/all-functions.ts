/**
 * Every SQL function, from the files of scalar/, aggregate/ and window/ through the generated registry.
 */
import type { AggregateFunction, ScalarFunction, WindowFunction } from './define.ts';
import { ENTRIES } from './registry.generated.ts';
import type { SqlFunction } from './registry.ts';

const entries: readonly SqlFunction[] = ENTRIES;
export const scalarFunctions: readonly ScalarFunction[] = entries.filter((f) => f.kind === 'scalar');
export const aggregateFunctions: readonly AggregateFunction[] = entries.filter((f) => f.kind === 'aggregate');
export const windowFunctions: readonly WindowFunction[] = entries.filter((f) => f.kind === 'window');
