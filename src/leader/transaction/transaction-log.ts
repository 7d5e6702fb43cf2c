/**
 * The log of commits as the transaction manager uses it: commit-log.ts on disk, memory-log.ts without a data directory.
 * LSNs are given in order and without gaps. What lies behind the slices' superblocks stays readable, for nodes that are
 * started anew.
 */
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { LogRecord } from './log-record.ts';
import type { RecoveredCommit } from './surroundings.ts';

/** Why a record may not be written any more. */
export type Refusal = () => SqlError | undefined;

export interface TransactionLog {
  /** LSN of the newest record written. */
  readonly lastLsn: number;
  /** Size of all that is kept. */
  readonly bytes: number;
  /** Resolves with the LSN once the record is safe. `refusal` is asked directly before it is written. */
  append(record: LogRecord, refusal?: Refusal): Promise<number>;
  /** Writes a record on the calling thread: for reservations that cannot wait. */
  appendNow(record: LogRecord): number;
  /** Resolves when no write is under way. */
  settled(): Promise<void>;
  /** The LSN up to which everything is safe, once the records that are being written now are. */
  safeLsn(): Promise<number>;
  /** The commits behind `after`, up to `through`, in batches. */
  commits(after: number, through: number): AsyncGenerator<readonly RecoveredCommit[]>;
  /** Lets go of what nobody needs who has everything up to `lsn`. */
  removeThrough(lsn: number): void;
  close(): Promise<void>;
}
