/**
 * Where a session stands between transactions:
 *
 *   idle --statement--> implicit --end of statement or Sync--> idle
 *   idle, implicit --BEGIN--> open --COMMIT, ROLLBACK--> idle
 *   open --error--> failed (already rolled back) --COMMIT, ROLLBACK--> idle       implicit --error--> idle
 *
 * The Transaction itself starts when a statement first needs it. A command may end the transaction by itself (TRUNCATE);
 * `settle` notices. `beforeEnd` closes the portals, `afterEnd` tells the settings. Used by session.ts only.
 */
import { transactionAborted, transactionModeTooLate } from '../../common/errors/catalogue.ts';
import type { Transaction } from '../transaction/types.ts';

export interface BlockHooks {
  begin(readOnly: boolean): Transaction;
  readOnlyByDefault(): boolean;
  beforeEnd(): Promise<void>;
  afterEnd(committed: boolean): void;
}
export type BlockState = 'idle' | 'implicit' | 'open' | 'failed';

export class TransactionBlock {
  private current: Transaction | undefined;
  private phase: BlockState = 'idle';
  private readOnly: boolean | undefined;
  private used = false;

  constructor(private readonly hooks: BlockHooks) {}

  get state(): BlockState {
    return this.phase;
  }
  get status(): 'I' | 'T' | 'E' {
    return this.phase === 'open' ? 'T' : this.phase === 'failed' ? 'E' : 'I';
  }
  get transaction(): Transaction | undefined {
    return this.current;
  }

  /** The running transaction, started now when there is none. */
  require(): Transaction {
    if (this.phase === 'failed') throw transactionAborted();
    if (this.current?.lost !== undefined) throw this.current.lost;
    if (this.current === undefined) {
      this.current = this.hooks.begin(this.readOnly ?? this.hooks.readOnlyByDefault());
      if (this.phase === 'idle') this.phase = 'implicit';
    }
    return this.current;
  }
  /** A statement outside a block starts: what it does ends with it. */
  enterImplicit(): void {
    if (this.phase === 'idle') this.phase = 'implicit';
  }
  /** BEGIN. False when a block is already open. */
  begin(readOnly: boolean | undefined): boolean {
    if (this.phase === 'failed') throw transactionAborted();
    if (this.phase === 'open') return false;
    this.readOnly = readOnly;
    this.phase = 'open';
    this.require();
    return true;
  }

  /** The transaction ran a statement: its access mode is fixed. */
  markUsed(): void {
    this.used = true;
  }
  /** SET TRANSACTION READ ONLY or READ WRITE, before the first statement. */
  async changeMode(readOnly: boolean): Promise<void> {
    const transaction = this.current;
    if (transaction === undefined) {
      this.readOnly = readOnly;
      return;
    }
    if (transaction.readOnly === readOnly) return;
    if (this.used) throw transactionModeTooLate();
    await transaction.rollback();
    this.current = this.hooks.begin(readOnly);
  }

  async commit(): Promise<'COMMIT' | 'ROLLBACK'> {
    const failed = this.phase === 'failed';
    const transaction = this.current;
    if (!failed) await this.hooks.beforeEnd();
    try {
      if (transaction?.lost !== undefined && transaction.state !== 'committed') throw transaction.lost;
      if (transaction?.state === 'open') await transaction.commit();
    } catch (error) {
      if (transaction?.state === 'open') await transaction.rollback();
      this.toIdle(false);
      throw error;
    }
    this.toIdle(!failed);
    return failed ? 'ROLLBACK' : 'COMMIT';
  }

  /** COMMIT or ROLLBACK in a procedure: another transaction goes on in the place of this one. */
  async renew(how: 'commit' | 'rollback'): Promise<void> {
    const { phase } = this;
    if (how === 'commit') await this.commit();
    else await this.rollback();
    this.phase = phase === 'idle' ? 'implicit' : phase;
  }

  async rollback(): Promise<void> {
    if (this.phase !== 'failed') await this.undo();
    this.toIdle(false);
  }

  /** After an error: the work is undone at once; an open block waits for its COMMIT or ROLLBACK. */
  async fail(): Promise<void> {
    if (this.phase === 'idle' || this.phase === 'failed') return;
    const wasOpen = this.phase === 'open';
    await this.undo();
    this.toIdle(false);
    if (wasOpen) this.phase = 'failed';
  }

  /** The executor may have ended the transaction; then the block is over too. */
  settle(): void {
    const { current } = this;
    if (current === undefined || current.state === 'open') return;
    if (current.state === 'committed' || current.lost === undefined) this.toIdle(current.state === 'committed');
  }
  /** A node took work of the transaction along: it is undone at once, and the next statement learns why. */
  async giveUp(): Promise<void> {
    await this.hooks.beforeEnd();
    await this.current?.rollback();
  }

  private async undo(): Promise<void> {
    await this.hooks.beforeEnd();
    const transaction = this.current;
    this.current = undefined;
    if (transaction?.state === 'open') await transaction.rollback();
  }
  private toIdle(committed: boolean): void {
    this.current = undefined;
    this.phase = 'idle';
    this.readOnly = undefined;
    this.used = false;
    this.hooks.afterEnd(committed);
  }
}
