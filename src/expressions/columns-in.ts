/**
 * The columns an expression (or any value that holds expressions) reads, and the highest id there is in one.
 */
import type { ColId } from '../common/ids.ts';

export function columnsIn(value: unknown, into: Set<ColId>): void {
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const v of value) columnsIn(v, into);
    return;
  }
  const node = value as Record<string, unknown>;
  if (node['kind'] === 'column' && typeof node['id'] === 'number') {
    into.add(node['id']);
    return;
  }
  for (const key in node) columnsIn(node[key], into);
}

/** The highest id of columns that a statement or plan makes or reads, 1 at least: what is above it is free. */
export function highestColId(value: unknown): number {
  let highest = 1;
  const visit = (v: unknown): void => {
    if (v === null || typeof v !== 'object') return;
    if (Array.isArray(v)) return v.forEach(visit);
    const node = v as Record<string, unknown>;
    const id = node['id'];
    if (typeof id === 'number' && id > highest) highest = id;
    for (const key in node) visit(node[key]);
  };
  visit(value);
  const used = new Set<number>();
  columnsIn(value, used);
  for (const id of used) if (id > highest) highest = id;
  return highest;
}
