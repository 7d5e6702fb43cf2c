/**
 * Writes the rows of an INSERT of constants: deals them to the slices and has them written, without segments and without
 * code. What is told of it has the form of any other run: one segment on every slice that got rows.
 */
import { assert } from '../../common/assert.ts';
import { systemClock } from '../../common/clock.ts';
import type { Xid } from '../../common/ids.ts';
import { inTurns } from '../../common/steps.ts';
import type { SliceChange, StorageTable } from '../../slices/storage.ts';
import type { PackedRows } from '../../types/packed-rows.ts';
import type { Cluster } from './cluster.ts';
import { dealRows, type Deal, type DealtRows } from './deal-rows.ts';
import type { DistributionHash } from './distribution-hash.ts';
import type { ParticipantResult, RunOutcome } from './scheduler.ts';

export interface ConstantInsert {
  readonly table: StorageTable;
  readonly rows: PackedRows;
  readonly deal: Deal;
  readonly xid: Xid;
  readonly statement: number;
  readonly signal: AbortSignal;
}

/** What a slice answered, and when. */
interface Written {
  readonly slice: number;
  readonly sent: DealtRows['rows'];
  readonly change: SliceChange;
  readonly endMicros: bigint;
}

export async function insertConstants(
  cluster: Cluster,
  hash: DistributionHash,
  { table, rows, deal, xid, statement, signal }: ConstantInsert,
): Promise<RunOutcome> {
  const attnums = table.columns.map((c) => c.attnum);
  assert(attnums.length === rows.columns.length, 'rows as wide as the table');
  const dealt = await inTurns(dealRows(rows, attnums, deal, cluster.topology, hash), signal);
  await cluster.serving(signal);
  const { downCount } = cluster;
  const startMicros = systemClock.nowMicros();
  const requests = dealt.map(({ slice, rows: sent }) => ({
    slice,
    request: { kind: 'insert' as const, table, xid, statement, rows: sent },
  }));
  const heard = (change: SliceChange, i: number): Written => {
    const { slice, rows: sent } = dealt[i]!;
    return { slice, sent, change, endMicros: systemClock.nowMicros() };
  };
  const written = await cluster.requestEach(requests, heard, signal).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
  // Work of a node that went down behind its answer is gone.
  if (cluster.downCount !== downCount) throw cluster.lastDownError;
  const participants = written.map(({ slice, sent, change, endMicros }): ParticipantResult => {
    const step = {
      segment: 0,
      bytes: sent.bytes.length,
      packets: 1,
      startMicros,
      endMicros,
      spilledBytes: 0,
    };
    return {
      participant: slice,
      steps: [
        { ...step, step: 0, rows: sent.count, memoryBytes: sent.bytes.length },
        { ...step, step: 1, rows: change.rowsAdded, memoryBytes: 0 },
      ],
    };
  });
  return {
    participants,
    changes: written.map((w) => w.change),
    loads: [],
    unloads: [],
    segments: [],
    rowsOut: rows.length,
    bytesOut: 0,
    result: undefined,
  };
}
