/**
 * Table functions that are not system views: generate_series.
 */
import { assert } from '../common/assert.ts';
import { invalidParameterValue } from '../common/errors/catalogue.ts';

/** Most rows generate_series gives. */
const SERIES_ROWS_MAX = 10_000_000;

export function tableFunctionRows(name: string, args: readonly unknown[]): { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] } {
  assert(name === 'generate_series', `no table function ${name}`);
  if (args.some((a) => a === null)) return { columns: [name], rows: [] };
  const [start, stop, step] = [BigInt(args[0] as number), BigInt(args[1] as number), BigInt((args[2] as number | undefined) ?? 1)];
  if (step === 0n) throw invalidParameterValue('step size may not be 0');
  if ((stop - start) / step >= BigInt(SERIES_ROWS_MAX)) throw invalidParameterValue('generate_series gives too many rows');
  const isBig = typeof args[0] === 'bigint';
  const rows: unknown[][] = [];
  for (let v = start; step > 0n ? v <= stop : v >= stop; v += step) rows.push([isBig ? v : Number(v)]);
  return { columns: [name], rows };
}
