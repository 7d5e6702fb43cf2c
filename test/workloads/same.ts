/**
 * Whether two answers to an ordered query are the same: cell by cell with what engines may differ in (scale of quotients
 * and averages, last digits of doubles, trailing blanks of CHAR, how booleans are spelled).
 */
import { sameCell } from '../tpch/schema.ts';
import type { Cells } from './workload.ts';

const BOOLEANS: { readonly [text: string]: string } = { true: 't', false: 'f' };
const spelled = (cell: string | null): string | null => (cell === null ? null : (BOOLEANS[cell] ?? cell));

/** Undefined when they are the same, else the first difference in words. */
export function difference(got: Cells, expected: Cells): string | undefined {
  const at = Array.from({ length: Math.max(got.length, expected.length) }, (_, i) => i).find((i) => {
    const [a, b] = [got[i], expected[i]];
    if (a === undefined || b?.length !== a.length) return true;
    return !a.every((cell, j) => sameCell(spelled(cell), spelled(b[j] ?? null)));
  });
  if (at === undefined) return undefined;
  const shown = (rows: Cells): string => (rows[at] === undefined ? 'no row' : JSON.stringify(rows[at]));
  return `${got.length} rows, expected ${expected.length}; row ${at + 1} is ${shown(got)}, expected ${shown(expected)}`;
}
