/**
 * The one function that decides from a chunk's smallest and largest value whether any of its rows can lie inside a range.
 * A range comes from a comparison, so NULLs never lie inside. Strings are compared by their first eight bytes, trailing
 * blanks cut, which grows with the string but is not strict; those of a column of case_insensitive by their folded form.
 */
import { foldCase } from '../types/fold-case.ts';
import type { Chunk } from './row-group.ts';
import type { StorageColumn, ZoneRange } from './storage.ts';

const encoder = new TextEncoder();

/** First eight bytes of a string, big end first, zero filled: what the kernels store as zone map of strings. */
export function stringZone(text: string): bigint {
  const bytes = encoder.encode(text.replace(/ +$/, ''));
  let value = 0n;
  for (let i = 0; i < 8; i++) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

/** Ranges as the zone maps of their columns are compared with. */
export function comparedRanges(
  ranges: readonly ZoneRange[],
  columns: readonly StorageColumn[],
): readonly ZoneRange[] {
  const fold = <T>(bound: T): T | string => (typeof bound === 'string' ? foldCase(bound) : bound);
  return ranges.map((range) =>
    columns.find((c) => c.attnum === range.attnum)?.type.collation === undefined
      ? range
      : { ...range, low: fold(range.low)!, high: fold(range.high)! },
  );
}

export function mayMatch(chunk: Chunk, rows: number, range: ZoneRange): boolean {
  if (range.low === undefined && range.high === undefined) return true;
  if (chunk.meta.nullCount === rows) return false;
  const { min, max } = chunk;
  if (min === undefined || max === undefined) return true;
  if (range.low !== undefined) {
    const text = typeof range.low === 'string';
    const low = text ? stringZone(range.low as string) : (range.low as bigint | number);
    if (max < low || (max == low && range.lowInclusive === false && !text)) return false;
  }
  if (range.high !== undefined) {
    const text = typeof range.high === 'string';
    const high = text ? stringZone(range.high as string) : (range.high as bigint | number);
    if (min > high || (min == high && range.highInclusive === false && !text)) return false;
  }
  return true;
}
