/**
 * BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, ABORT, LOCK. Savepoints are refused as Redshift does.
 */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { refusedByRedshift } from '../grammar/commands.ts';
import { ROLLBACK_TO } from '../grammar/postgres-commands.ts';

export interface TransactionModes {
  readonly readOnly?: boolean;
  readonly isolation?: string;
}

function isolation(c: Cursor): string {
  if (c.accept('read')) return `read ${c.oneOf('committed', 'uncommitted')}`;
  if (c.accept('repeatable')) {
    c.expect('read');
    return 'repeatable read';
  }
  return c.oneOf('serializable', 'snapshot');
}

/** ISOLATION LEVEL x, READ ONLY, READ WRITE, with or without commas, to the end. */
export function transactionModes(c: Cursor): TransactionModes {
  let modes: TransactionModes = {};
  while (!c.done) {
    if (c.accept('isolation', 'level')) modes = { ...modes, isolation: isolation(c) };
    else if (c.accept('read', 'only')) modes = { ...modes, readOnly: true };
    else {
      c.expect('read', 'write');
      modes = { ...modes, readOnly: false };
    }
    c.acceptSymbol(',');
  }
  return modes;
}

const workOrTransaction = (c: Cursor): void => {
  if (!c.accept('work')) c.accept('transaction');
};

/** The cursor stands behind BEGIN. */
export function begin(c: Cursor): StatementBody {
  workOrTransaction(c);
  return { kind: 'begin', ...transactionModes(c) };
}

/** The cursor stands behind START. */
export function startTransaction(c: Cursor): StatementBody {
  c.expect('transaction');
  return { kind: 'begin', ...transactionModes(c) };
}

/** The cursor stands behind COMMIT, END, ROLLBACK or ABORT. */
export function endTransaction(c: Cursor, kind: 'commit' | 'rollback'): StatementBody {
  workOrTransaction(c);
  if (kind === 'rollback' && c.atWords('to')) return refusedByRedshift(c, ROLLBACK_TO);
  c.expectEnd();
  return { kind };
}

/** The cursor stands behind LOCK. */
export function lock(c: Cursor): StatementBody {
  c.accept('table');
  const tables = c.list(() => c.qualified());
  c.expectEnd();
  return { kind: 'lock', tables };
}
