/**
 * Identity values of one INSERT or COPY, a sequence for each column that draws from one. Every segment that makes them gets
 * sequences of its own on every slice: the i-th of n such sources counts first + i * step, first + (i + n) * step and so on,
 * as Redshift spreads values over slices. The target's lock keeps other writers out, so the counters move past what was used
 * only after the run.
 */
import type { IdentitySequence } from '../../execution/messages.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import { liveColumns, type TableObject } from '../catalog/objects.ts';
import type { ParticipantResult } from '../scheduler/scheduler.ts';
import { lastIdentity } from '../transaction/identity.ts';
import type { TransactionManager } from '../transaction/types.ts';

/** Numbers of the errors beyond a type (RUNTIME_ERRORS). */
const BEYOND: Readonly<Record<string, number>> = { int4: 3, int8: 4 };

/** Columns whose next value is asked for anywhere in a value. */
function drawnBy(value: unknown): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (v: unknown): void => {
    if (v === null || typeof v !== 'object' || ArrayBuffer.isView(v)) return;
    const node = v as Record<string, unknown>;
    if (node['kind'] === 'call' && node['name'] === 'identity_next') {
      const attnum = (node['args'] as readonly { readonly value: unknown }[])[1]!.value;
      found.add(Number(attnum));
    }
    for (const name in node) visit(node[name]);
  };
  visit(value);
  return found;
}

/** The sequences of a table's columns that these segments draw from, undefined when they draw from none. */
export function startIdentity(
  transactions: Pick<TransactionManager, 'nextIdentity'>,
  table: TableObject,
  segments: readonly SegmentSpec[],
  sliceCount: number,
): IdentitySequence | undefined {
  const identities = liveColumns(table).filter((c) => c.identity !== undefined);
  const makers = identities.length === 0 ? [] : segments.filter((s) => drawnBy(s).size > 0);
  if (makers.length === 0) return undefined;
  const drawn = drawnBy(makers);
  const columns = identities
    .filter((c) => drawn.has(c.attnum))
    .map((c) => {
      const { seed, step } = c.identity!;
      const first = transactions.nextIdentity(table.oid, c.attnum, seed, step, 0);
      return { attnum: c.attnum, first, step, last: lastIdentity(c), beyond: BEYOND[c.type.name]! };
    });
  const slices = makers.every((s) => s.locus === 'leader') ? 1 : sliceCount;
  return { columns, slices, segments: makers.map((s) => s.segment) };
}

/** Takes what a run used: up to the highest value that any source came to. */
export function finishIdentity(
  transactions: Pick<TransactionManager, 'nextIdentity'>,
  table: TableObject,
  { columns, slices, segments }: IdentitySequence,
  specs: readonly SegmentSpec[],
  participants: readonly ParticipantResult[],
): void {
  const sources = slices * segments.length;
  let used = 0;
  for (const [index, segment] of segments.entries()) {
    const { locus, transforms } = specs.find((s) => s.segment === segment)!;
    const makers = transforms.findIndex((t) => drawnBy(t).size > 0);
    // Rows of the step that makes them and of those behind it; made in the sink, those of the sink.
    const from = makers < 0 ? 0 : makers + 1;
    for (const { participant, steps } of participants) {
      const rows = steps.reduce((n, s) => (s.segment === segment && s.step >= from ? Math.max(n, s.rows) : n), 0);
      const slice = locus === 'leader' ? 0 : participant;
      if (rows > 0) used = Math.max(used, index * slices + slice + (rows - 1) * sources + 1);
    }
  }
  if (used === 0) return;
  for (const { attnum } of columns) {
    const { seed, step } = liveColumns(table).find((c) => c.attnum === attnum)!.identity!;
    transactions.nextIdentity(table.oid, attnum, seed, step, used);
  }
}
