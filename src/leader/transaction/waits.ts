/**
 * Waiting inside a transaction: every wait ends when the session's signal aborts, with the signal's own reason (cancel,
 * time-out, terminate). The few waits that nobody could cancel say so by name with `uninterrupted`.
 */
import { queryCancelled } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';

export function cancelError(signal: AbortSignal): SqlError {
  const reason: unknown = signal.reason;
  return reason instanceof SqlError ? reason : queryCancelled('0');
}

/** The promise's outcome, or the signal's reason when that comes first. The work itself goes on. */
export async function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelError(signal);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(cancelError(signal));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const NEVER = new AbortController().signal;
/** For transactions without a client: recovery, the end of a session. They take no lock that others hold for long. */
export const uninterrupted = (): AbortSignal => NEVER;
