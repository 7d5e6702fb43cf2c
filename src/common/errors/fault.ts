/**
 * What an exception says about the memory of the thread that threw it. A SqlError is the user's, or the disk's: memory is
 * sound and the slice works on. A trap, a failed assertion or any other exception out of running code is a FAULT: nobody
 * knows what it left in the node's memory, which must not be computed on again. Errors of the operating system and of
 * instantiation (before any code ran), and bugs of host code that touches no node memory, end their query only.
 */
import { SqlError } from './sql-error.ts';

/** A bug in host code that wrote nothing into node memory: its query ends with XX000, the node stays in service. */
export class QueryBug extends Error {
  override readonly name = 'QueryBug';
}

/** A compute node's threads ended under a request; it is started anew. Clients see it as the SqlError that it is. */
export class NodeDown extends SqlError {}

/** Thrown where work for a condemned node is refused; never shown to a client. */
export class NodeCondemned extends Error {
  override readonly name = 'NodeCondemned';
}

/** Runs host code; what it throws, if it is not the user's error, is a bug of the query alone. */
export function hostCode<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SqlError || error instanceof QueryBug) throw error;
    throw new QueryBug(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** An error of the operating system (ENOENT, EIO ...) or of a decompressor over a broken stream. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^(?!ERR_)(E[A-Z0-9]+|Z_[A-Z_]+|ZSTD_\w+)$/.test(code);
}

export function isFault(error: unknown): boolean {
  return !(
    error instanceof SqlError ||
    error instanceof QueryBug ||
    error instanceof WebAssembly.LinkError ||
    error instanceof WebAssembly.CompileError ||
    isSystemError(error)
  );
}

/** An exception as one text for a detail or a log. */
export const causeText = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error);
