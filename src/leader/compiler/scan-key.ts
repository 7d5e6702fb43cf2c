/**
 * Which joins let the scan of their segment drop rows by their table's filter (steps/hjoin/lookup.ts): those that drop rows
 * without a match themselves, by one integer key that is a column of the scan.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { isWord } from '../../steps/hjoin/dense-key.ts';
import type { HjoinSpec } from '../../steps/hjoin/spec.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Flow } from './flow.ts';

export function scanKeyOf(outer: Flow, node: Extract<PlanNode, { kind: 'hash-join' }>): HjoinSpec['scanKey'] {
  const [key] = node.keys;
  if (node.keys.length !== 1 || !['inner', 'semi'].includes(node.joinType)) return undefined;
  // A filter over more rows than may ask costs more than it saves.
  if (node.inner.rows > node.outer.rows) return undefined;
  if (!isWord(key!.outer.type) || !isWord(key!.inner.type)) return undefined;
  return scannedColumn(outer, key!.outer);
}

/** The column of the flow's scan that `e` is, when nothing before it minds that rows are missing. */
function scannedColumn({ source, transforms }: Flow, e: BoundExpr): HjoinSpec['scanKey'] {
  if (source.kind !== 'scan') return undefined;
  let key = e;
  for (const t of [...transforms].reverse()) {
    if (t.kind === 'limit' || t.kind === 'evaluate' || t.kind === 'delete') return undefined;
    if (t.kind === 'project') key = t.columns.find((c) => key.kind === 'column' && c.id === key.id)?.expr ?? key;
  }
  if (key.kind !== 'column') return undefined;
  const { id } = key;
  return source.columns.some((c) => c.id === id) ? key : undefined;
}
