/**
 * COPYs that run now, with what their slices have read so far. Used by the views that show them.
 */
import type { SliceId } from '../../common/ids.ts';
import type { LoadProgress, PieceResult } from '../../formats/load-work.ts';
import type { RunningLoad } from '../history/running-transfers.ts';
import type { SystemContext } from './define.ts';
import { seesAllRows } from './sight.ts';

export interface LoadRunning {
  readonly load: RunningLoad;
  readonly query: number;
  /** Pieces begun, in the order of the slice's work; the last one is being read, unless all are through. */
  readonly slices: readonly { readonly slice: SliceId; readonly pieces: readonly PieceResult[] }[];
}
/** Those that the reader may see. */
export async function loadsRunning(ctx: SystemContext): Promise<readonly LoadRunning[]> {
  const { user } = ctx.session;
  const loads = ctx.services.transfers
    .list()
    .filter((t) => t.kind === 'load' && t.query !== undefined && (seesAllRows(ctx) || t.userid === user.oid));
  if (loads.length === 0) return [];
  const progress = await ctx.services.slices.progress(ctx.session.cancelSignal);
  return (loads as readonly RunningLoad[]).map((load) => ({
    load,
    query: load.query!,
    slices: [...load.work.keys()].map((slice) => {
      const own = progress.find((p) => p.slice === slice)?.queries.find((q) => q.query === load.query);
      return { slice, pieces: ((own?.loads ?? []) as readonly LoadProgress[]).flatMap((l) => l.pieces) };
    }),
  }));
}
