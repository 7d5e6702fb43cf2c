/**
 * The checkpoint that begins by itself when the log has grown. One that fails is a row of STL_ERROR: the log still holds
 * everything, and the next commit tries again. Used by transaction-manager.ts.
 */
import { COMMIT_LOG_CHECKPOINT_BYTES, MEMORY_LOG_CHECKPOINT_BYTES } from '../../common/limits.ts';
import type { TransactionManagerOptions } from './surroundings.ts';

export class AutomaticCheckpoint {
  private readonly bytesMax: number;
  /** While one runs. */
  running: Promise<void> | undefined;

  constructor(
    private readonly options: TransactionManagerOptions,
    private readonly checkpoint: () => Promise<void>,
  ) {
    const usual = options.memory ? MEMORY_LOG_CHECKPOINT_BYTES : COMMIT_LOG_CHECKPOINT_BYTES;
    this.bytesMax = options.checkpointBytes ?? usual;
  }
  /** `bytes`: of the log since the last checkpoint. */
  whenLarge(bytes: number): void {
    if (this.running !== undefined || bytes < this.bytesMax) return;
    this.running = this.checkpoint()
      .catch((error: unknown) => this.record(error))
      .finally(() => {
        this.running = undefined;
      });
  }
  private record(error: unknown): void {
    this.options.history?.add('errors', {
      userid: 1,
      pid: 0,
      timeMicros: this.options.clock.nowMicros(),
      sqlstate: 'XX000',
      message: error instanceof Error ? error.message : String(error),
      context: 'checkpoint',
    });
  }
}
