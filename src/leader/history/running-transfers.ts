/**
 * COPYs and UNLOADs that run now, for the views that show them. Kept by copy/ and unload/, read by system/; how far the
 * slices have come they tell themselves.
 */
import type { QueryId, SliceId, Xid } from '../../common/ids.ts';
import type { LoadPiece } from '../../formats/load-work.ts';

interface Transfer {
  readonly userid: number;
  readonly pid: number;
  readonly xid: Xid;
  readonly database: string;
  readonly startMicros: bigint;
  readonly format: string;
  /** Of the query that moves the rows; undefined before it has begun. */
  query: QueryId | undefined;
}
export interface RunningLoad extends Transfer {
  readonly kind: 'load';
  readonly tableName: string;
  readonly source: string;
  readonly sourceFiles: number;
  readonly sourceBytes: number;
  readonly copyJob?: number | undefined;
  readonly work: ReadonlyMap<SliceId, readonly LoadPiece[]>;
}
export interface RunningUnload extends Transfer {
  readonly kind: 'unload';
  readonly compression: string;
  readonly location: string;
}
export type RunningTransfer = RunningLoad | RunningUnload;

export class RunningTransfers {
  private readonly running = new Set<RunningTransfer>();
  /** Until the promise is settled. */
  async during<T>(transfer: RunningTransfer, work: () => Promise<T>): Promise<T> {
    this.running.add(transfer);
    try {
      return await work();
    } finally {
      this.running.delete(transfer);
    }
  }
  list(): readonly RunningTransfer[] {
    return [...this.running];
  }
}
