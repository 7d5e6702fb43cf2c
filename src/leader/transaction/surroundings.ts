/**
 * What the transaction manager works with: the slices as it sees them, the disk, and what the start found out before it.
 * Handed in by leader.ts and by tests.
 */
import type { Clock } from '../../common/clock.ts';
import type { Disk } from '../../common/disk.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import type { SliceChange } from '../../slices/storage.ts';
import type { BootstrapOptions } from '../catalog/bootstrap.ts';
import type { History } from '../history/types.ts';
import type { KeptState } from './kept-state.ts';

export interface RecoveredCommit {
  readonly lsn: number;
  readonly xid: Xid;
  readonly changes: readonly SliceChange[];
  readonly drops: readonly TableId[];
  /** The image that the slices restore first. */
  readonly restores?: number | undefined;
}

/** What the transaction manager needs of all slices together. */
export interface SlicePort {
  /** Makes the changes permanent, then removes the storage of `drops`; resolved when every slice shows it. */
  applyCommit(
    xid: Xid,
    lsn: number,
    changes: readonly SliceChange[],
    drops: readonly TableId[],
    restores?: number,
  ): Promise<void>;
  /** Every slice keeps an image of what is committed up to lsn; gives the files that make up each. */
  keepImage?(image: number, lsn: number): Promise<readonly (readonly string[])[]>;
  /** Forgets whatever the slices hold of this transaction. */
  rollback(xid: Xid): Promise<void>;
  /** Every slice writes a superblock that names everything up to lsn. */
  checkpoint(lsn: number): Promise<void>;
  /**
   * Commits of the log tail in LSN order; each slice skips those its superblock already holds. Called in
   * batches.
   */
  recover(commits: readonly RecoveredCommit[]): Promise<void>;
}

export interface TransactionManagerOptions {
  readonly disk: Disk;
  /** Directory on the disk for catalog checkpoints; the log lies in its `log/`. '.' is the disk's root. */
  readonly directory: string;
  readonly clock: Clock;
  readonly history?: History;
  /** Nothing is written to disk. */
  readonly memory: boolean;
  readonly slicePort: SlicePort;
  /** LSN of each slice's superblock: the log is handed out from the lowest, should one have lost its newest copy. */
  readonly sliceLsns?: readonly number[];
  /** Identity of the data directory (data-directory.ts). */
  readonly warehouse?: string;
  /** The warehouse was made before: its root must exist. */
  readonly made?: boolean;
  /** What else was found wrong at the start, for the message when the log cannot make up for it. */
  readonly notes?: readonly string[];
  /** Told of damage that the start could make up for, a sentence each. */
  warn?(note: string): void;
  /** For a new data directory, or for a new cluster in memory: how it begins. */
  readonly bootstrap?: BootstrapOptions;
  /** In place of `bootstrap`: the state of another cluster, whose slices begin with its image. */
  readonly seed?: KeptState | undefined;
  /** A checkpoint was written: nobody will read the log up to this LSN any more. */
  checkpointed?(lsn: number): void;
  /** Size of the log that starts a checkpoint by itself; default COMMIT_LOG_CHECKPOINT_BYTES. */
  readonly checkpointBytes?: number;
  /** Why nothing may be committed or checkpointed any more (a node is lost); undefined: all is well. */
  readonly outage?: () => SqlError | undefined;
  /** Why these changes may not be committed: a node that they were made on is out of service. */
  outageOf?(changes: readonly SliceChange[]): SqlError | undefined;
}
