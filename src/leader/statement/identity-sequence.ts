/**
 * Identity values of one INSERT. Every segment that makes them gets a sequence of its own on every slice: the i-th of n
 * such sources counts first + i * step, first + (i + n) * step and so on, as Redshift spreads values over slices. The
 * target's lock keeps other writers out, so the counter moves past what was used only after the run.
 */
import type { TableId } from '../../common/ids.ts';
import type { IdentitySequence } from '../../execution/messages.ts';
import { liveColumns, type TableObject } from '../catalog/objects.ts';
import { identityBlock } from '../transaction/identity.ts';
import type { TransactionManager } from '../transaction/types.ts';

interface Segment {
  readonly segment: number;
  readonly locus: 'compute' | 'leader';
}

const callsIdentity = (value: unknown): boolean => {
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(callsIdentity);
  const node = value as Record<string, unknown>;
  return (node['kind'] === 'call' && node['name'] === 'identity_next') || Object.values(node).some(callsIdentity);
};

/** The sequence for segments that need one, undefined when none does. */
export function startIdentity(
  transactions: Pick<TransactionManager, 'nextIdentity'>,
  table: TableObject,
  segments: readonly Segment[],
  sliceCount: number,
): IdentitySequence | undefined {
  const column = liveColumns(table).find((c) => c.identity !== undefined);
  const makers = column === undefined ? [] : segments.filter(callsIdentity);
  if (column === undefined || makers.length === 0) return undefined;
  const slices = makers.every((s) => s.locus === 'leader') ? 1 : sliceCount;
  const { first, step } = identityBlock(transactions, table, column.attnum, 1);
  return { first, step, slices, segments: makers.map((s) => s.segment) };
}

/** Takes what a run may have used at most: every row could have come from one source. */
export function finishIdentity(
  transactions: Pick<TransactionManager, 'nextIdentity'>,
  table: TableObject,
  sequence: IdentitySequence,
  rows: number,
): void {
  const column = liveColumns(table).find((c) => c.identity !== undefined)!;
  const used = rows * sequence.slices * sequence.segments.length - 1;
  if (used > 0)
    transactions.nextIdentity(
      table.oid as TableId,
      column.attnum,
      column.identity!.seed,
      column.identity!.step,
      used,
    );
}
