/**
 * Ends a session that asks for nothing: idle_in_transaction_session_timeout inside a transaction block (its locks and
 * its snapshot are in others' way), idle_session_timeout outside. The clock runs between two requests. Used by session.ts.
 */
import { idleInTransaction, idleSession } from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';

interface Idle {
  readonly status: 'I' | 'T' | 'E';
  setting(name: string): string;
  terminate(reason: SqlError): void;
}

/** Whether it ended a session for being idle. */
export const isIdleTimeout = ({ sqlstate }: SqlError): boolean =>
  [idleInTransaction(), idleSession()].some((error) => error.sqlstate === sqlstate);
/** Seconds that the session may be idle outside a transaction block; 0: any number. */
export const idleSeconds = (session: Pick<Idle, 'setting'>): number =>
  Math.ceil(Number(session.setting('idle_session_timeout')) / 1000);

export class IdleTimeout {
  private timer: NodeJS.Timeout | undefined;
  constructor(private readonly session: Idle) {}

  start(): void {
    this.stop();
    const inBlock = this.session.status !== 'I';
    const limit = Number(
      this.session.setting(inBlock ? 'idle_in_transaction_session_timeout' : 'idle_session_timeout'),
    );
    if (limit <= 0) return;
    this.timer = setTimeout(() => this.session.terminate(inBlock ? idleInTransaction() : idleSession()), limit);
    this.timer.unref();
  }
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
