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
