/**
 * States of the cluster that programs keep and go back to (the in-process API's snapshots). Whoever is connected when the
 * cluster goes back is told and let go, since nothing that a session knows need be true any more; the leader's own work
 * loses its transactions and begins again. Made by leader.ts.
 */
import { clusterRestored } from '../common/errors/api-errors.ts';
import type { SqlError } from '../common/errors/sql-error.ts';
import type { KeptState } from './transaction/kept-state.ts';
import type { LeaderTransactionManager } from './transaction/transaction-manager.ts';

export type { KeptState } from './transaction/kept-state.ts';

export class KeptStates {
  /** By image: the newest commit that went back to it. */
  private readonly restored = new Map<number, number>();
  /** Released, but the log still names them. */
  private readonly released = new Set<number>();

  constructor(
    private readonly manager: LeaderTransactionManager,
    private readonly slices: { dropImage(image: number): Promise<void> },
    private readonly sessions: { endSessions(error: SqlError): Promise<void> },
  ) {}

  /** The state as it is committed now. */
  keep(): Promise<KeptState> {
    return this.manager.keep();
  }
  /** The same of a cluster in which there are no rows yet, at no cost. */
  keepEmpty(): KeptState {
    return this.manager.stateAt();
  }
  async restore(kept: KeptState): Promise<void> {
    const error = clusterRestored();
    await this.sessions.endSessions(error);
    this.restored.set(kept.image, await this.manager.restore(kept, error));
  }
  /** Nobody goes back to it any more. */
  async release({ image }: KeptState): Promise<void> {
    if (image === 0) return;
    if (this.restored.has(image)) this.released.add(image);
    else await this.slices.dropImage(image);
  }
  /** The log up to this LSN is gone. */
  checkpointed(lsn: number): void {
    for (const image of this.released) {
      if (this.restored.get(image)! > lsn) continue;
      this.released.delete(image);
      this.restored.delete(image);
      // In an outage there is nothing left to drop.
      this.slices.dropImage(image).catch(() => undefined);
    }
  }
}
