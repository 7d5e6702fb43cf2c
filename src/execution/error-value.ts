/**
 * A thrown value as it travels between threads: what the client will read.
 */
import { internalError, systemFailure } from '../common/errors/catalogue.ts';
import { causeText, isSystemError } from '../common/errors/fault.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import type { ErrorValue } from './messages.ts';

/** What a thrown value means to the client. */
export function errorValue(error: unknown): ErrorValue {
  const e =
    error instanceof SqlError
      ? error
      : isSystemError(error)
        ? systemFailure(error.message)
        : internalError('Assert', 1000, causeText(error).slice(0, 2000));
  return { sqlstate: e.sqlstate, message: e.message, detail: e.detail, hint: e.hint };
}
