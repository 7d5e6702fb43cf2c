/**
 * The log of a cluster in memory: the commits since the slices' last superblocks, as values, so that a node that is started
 * anew finds them. A checkpoint lets them go; it comes when their size, estimated, passes MEMORY_LOG_CHECKPOINT_BYTES.
 */
import type { SliceChange } from '../../slices/storage.ts';
import { commitOf, type LogRecord } from './log-record.ts';
import type { RecoveredCommit } from './surroundings.ts';
import type { Refusal, TransactionLog } from './transaction-log.ts';
import { RECOVERY_BATCH } from './log-reader.ts';

/** What a record, a change and a group in it take besides rows, roughly. */
const RECORD_BYTES = 500;
const CHANGE_BYTES = 500;
const GROUP_BYTES = 2000;

function bytesOf(changes: readonly SliceChange[]): number {
  return changes.reduce((sum, c) => {
    const rows = c.deletes.reduce((n, d) => n + d.rows.byteLength, c.tail.byteLength);
    return sum + rows + CHANGE_BYTES + GROUP_BYTES * (c.groupsAdded.length + c.deletes.length);
  }, RECORD_BYTES);
}

export class MemoryLog implements TransactionLog {
  bytes = 0;
  private kept: RecoveredCommit[] = [];

  /** A cluster that begins as another one was at this LSN goes on from there. */
  constructor(public lastLsn = 0) {}

  append(record: LogRecord, refusal?: Refusal): Promise<number> {
    const refused = refusal?.();
    if (refused !== undefined) return Promise.reject(refused);
    return Promise.resolve(this.appendNow(record));
  }
  appendNow(record: LogRecord): number {
    const lsn = ++this.lastLsn;
    const { slices: changes, drops, restored } = record;
    if (changes.length > 0 || drops.length > 0 || restored !== undefined) {
      this.kept.push(commitOf(lsn, record));
      this.bytes += bytesOf(changes);
    }
    return lsn;
  }
  async settled(): Promise<void> {}
  async safeLsn(): Promise<number> {
    return this.lastLsn;
  }
  async *commits(after: number, through: number): AsyncGenerator<readonly RecoveredCommit[]> {
    const wanted = this.kept.filter((c) => c.lsn > after && c.lsn <= through);
    for (let at = 0; at < wanted.length; at += RECOVERY_BATCH) yield wanted.slice(at, at + RECOVERY_BATCH);
  }
  removeThrough(lsn: number): void {
    this.kept = this.kept.filter((c) => c.lsn > lsn);
    this.bytes = this.kept.reduce((sum, c) => sum + bytesOf(c.changes), 0);
  }
  async close(): Promise<void> {}
}
