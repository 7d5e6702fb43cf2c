/**
 * Commits pass side by side; work that none may run beside (a checkpoint, keeping a state, going back to one) closes the gate,
 * waits for those inside and lets the others wait. Used by transaction-manager.ts.
 */
import { orCancelled } from './waits.ts';

export class CommitGate {
  private inside = 0;
  private drained: (() => void) | undefined;
  private work: Promise<unknown> | undefined;

  get isClosed(): boolean {
    return this.work !== undefined;
  }
  get isEmpty(): boolean {
    return this.inside === 0;
  }
  /** Goes in; the result goes out again. Nobody goes in while the gate is closed. */
  enter(): () => void {
    this.inside++;
    return () => {
      this.inside--;
      if (this.inside === 0) this.drained?.();
    };
  }
  /** The work that closed it has ended, well or not: that is its caller's affair. Ask isClosed again. */
  async opened(signal: AbortSignal): Promise<void> {
    if (this.work === undefined) return;
    const ended = this.work.then(
      () => undefined,
      () => undefined,
    );
    await orCancelled(ended, signal);
  }
  async whileClosed<T>(work: () => Promise<T>): Promise<T> {
    while (this.work !== undefined) await this.work.catch(() => undefined);
    const running = this.empty().then(work);
    this.work = running;
    try {
      return await running;
    } finally {
      this.work = undefined;
    }
  }
  private async empty(): Promise<void> {
    // Lets `work` be set before anything else, so that new commits wait.
    await Promise.resolve();
    while (this.inside > 0) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
    }
  }
}
