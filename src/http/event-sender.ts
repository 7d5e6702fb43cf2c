/**
 * Sends events to a web address, one after another, behind what they tell of: nobody waits for them. What the address does not
 * take in three tries is dropped with a warning; so is the oldest when too many wait.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNT } from '../common/account.ts';
import { systemClock } from '../common/clock.ts';
import {
  EVENTS_WAITING_MAX,
  EVENT_CLOSE_MS_MAX,
  EVENT_PAUSE_MS,
  EVENT_TIMEOUT_MS,
  EVENT_TRIES_MAX,
} from '../common/limits.ts';

/** As Amazon EventBridge delivers them. */
export interface EventBody {
  readonly 'detail-type': string;
  readonly source: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export class EventSender {
  private readonly waiting: string[] = [];
  private sending: Promise<void> | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly url: string,
    /** The cluster's. */
    private readonly region: string,
    private readonly warn: (note: string) => void,
  ) {}

  send(event: EventBody): void {
    const envelope = {
      version: '0',
      id: randomUUID(),
      'detail-type': event['detail-type'],
      source: event.source,
      account: ACCOUNT,
      time: new Date(systemClock.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: this.region,
      resources: event.resources,
      detail: event.detail,
    };
    if (this.waiting.length >= EVENTS_WAITING_MAX) {
      this.waiting.shift();
      this.warn(`more than ${EVENTS_WAITING_MAX} events wait for ${this.url}: the oldest is dropped`);
    }
    this.waiting.push(JSON.stringify(envelope));
    this.sending ??= this.drain().finally(() => (this.sending = undefined));
  }
  private async drain(): Promise<void> {
    for (let body = this.waiting.shift(); body !== undefined; body = this.waiting.shift()) await this.deliver(body);
  }
  private async deliver(body: string): Promise<void> {
    const { signal } = this.closing;
    let why = '';
    for (let tries = 1; tries <= EVENT_TRIES_MAX && !signal.aborted; tries++) {
      if (tries > 1) await sleep(EVENT_PAUSE_MS * (tries - 1), undefined, { signal }).catch(() => undefined);
      try {
        const answer = await fetch(this.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          redirect: 'error',
          signal: AbortSignal.any([signal, AbortSignal.timeout(EVENT_TIMEOUT_MS)]),
        });
        await answer.body?.cancel();
        if (answer.ok) return;
        why = `it answers ${answer.status}`;
      } catch (error) {
        why =
          ((error as { cause?: { message?: string } }).cause?.message ?? (error as Error).message) ||
          'it does not answer';
      }
    }
    this.warn(`an event was not delivered to ${this.url}: ${why}`);
  }
  /** Gives what is under way a moment. */
  async close(): Promise<void> {
    const late = sleep(EVENT_CLOSE_MS_MAX, undefined, { ref: false });
    await Promise.race([this.sending, late]);
    this.closing.abort();
    await this.sending;
  }
}
