/**
 * The columns an expression (or any value that holds expressions) reads.
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
