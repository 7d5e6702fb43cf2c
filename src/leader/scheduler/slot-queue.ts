/**
 * The slots of one service class, and the statements that wait for them: of one priority first come, first served, so that one
 * that wants many slots is not passed by those that want few. A statement that had slots before and goes on stands in front of
 * those that have not begun. Used by wlm.ts.
 */
import { wlmQueueFull } from '../../common/errors/catalogue.ts';
import { cancelError } from '../transaction/waits.ts';
import { PRIORITIES } from './priorities.ts';

/** A queue, with Redshift's number. */
export interface ServiceClass {
  readonly id: number;
  readonly name: string;
  readonly slots: number;
  /** Which statements come here, as STV_WLM_CLASSIFICATION_CONFIG words it. */
  readonly condition: string;
}
/** What a statement wants of the queue. */
export interface Want {
  readonly slots: number;
  /** It had slots before. */
  readonly goesOn: boolean;
  /** The higher the number, the sooner; may change while it waits (`reorder`). */
  rank(): number;
}
interface Waiter extends Want {
  grant(): void;
  refuse(error: unknown): void;
}

export class SlotQueue {
  private used = 0;
  private readonly waiting: Waiter[] = [];

  constructor(
    readonly serviceClass: ServiceClass,
    private readonly waitingMax: number,
  ) {}
  get slotsFree(): number {
    return this.serviceClass.slots - this.used;
  }
  /** Undefined: taken. Otherwise resolves when they are; is rejected when the signal aborts or the queue stops. */
  take(want: Want, signal: AbortSignal): Promise<void> | undefined {
    const { slots } = want;
    if (this.waiting.length === 0 && slots <= this.slotsFree) {
      this.used += slots;
      return undefined;
    }
    if (signal.aborted) throw cancelError(signal);
    if (this.waiting.length >= this.waitingMax) throw wlmQueueFull(this.serviceClass.name, String(this.waitingMax));
    return new Promise<void>((resolve, reject) => {
      const cancel = (): void => waiter.refuse(cancelError(signal));
      const waiter: Waiter = {
        ...want,
        grant: () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        },
        refuse: (error) => {
          signal.removeEventListener('abort', cancel);
          const at = this.waiting.indexOf(waiter);
          if (at >= 0) this.waiting.splice(at, 1);
          reject(error);
          this.grantNext();
        },
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.waiting.push(waiter);
      this.reorder();
    });
  }
  /** After a priority has changed. */
  reorder(): void {
    const before = (w: Want): number => (w.goesOn ? PRIORITIES.length : w.rank());
    this.waiting.sort((a, b) => before(b) - before(a));
    this.grantNext();
  }
  give(slots: number): void {
    this.used -= slots;
    this.grantNext();
  }
  /** Nobody will run any more. */
  stop(error: unknown): void {
    for (const waiter of this.waiting.splice(0)) waiter.refuse(error);
  }
  private grantNext(): void {
    for (let next = this.waiting[0]; next !== undefined && next.slots <= this.slotsFree; next = this.waiting[0]) {
      this.waiting.shift();
      this.used += next.slots;
      next.grant();
    }
  }
}
