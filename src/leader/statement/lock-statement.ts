/**
 * Locks of statements with a plan (SELECT, INSERT, UPDATE, DELETE, and the queries of commands and UNLOAD): which tables,
 * how strongly, and what the transaction is told before rows are touched.
 */
import type { TableId } from '../../common/ids.ts';
import type { BoundStatement, Rel } from '../../expressions/relation.ts';
import { relInputs } from '../../expressions/rel-walk.ts';
import { lockKeyOf, lockResolved } from '../catalog/lock-by-name.ts';
import type { LockKey, LockMode } from '../catalog/scope.ts';
import type { Transaction } from '../transaction/types.ts';

/** `share`: the statement is only looked at (EXPLAIN, Parse), so that it keeps nobody from writing. */
export type LockStrength = 'share' | 'full';

/** Tables the relation reads. */
export function tablesRead(rel: Rel): Set<TableId> {
  const into = new Set<TableId>();
  eachRel(rel, (r) => void (r.kind === 'get' && into.add(r.tableId)));
  return into;
}
/** System views and table functions the relation reads. */
export function viewsRead(rel: Rel): Set<string> {
  const into = new Set<string>();
  eachRel(rel, (r) => void (r.kind === 'virtual' && into.add(r.name)));
  return into;
}
function eachRel(rel: Rel, visit: (rel: Rel) => void): void {
  visit(rel);
  for (const input of relInputs(rel)) eachRel(input, visit);
}

type Locking = Pick<Transaction, 'database' | 'catalog'>;
export function locksOf(bound: BoundStatement, strength: LockStrength, transaction: Locking): Map<LockKey, LockMode> {
  const locks = new Map<LockKey, LockMode>();
  for (const tableId of tablesRead(bound.rel)) {
    locks.set(tableId, 'AccessShareLock');
    // Another database stays while its tables are read.
    const database = otherDatabase(transaction, tableId);
    if (database !== undefined)
      locks.set(lockKeyOf(database, { class: 'database', oid: database }), 'AccessShareLock');
  }
  if (bound.kind !== 'select') {
    locks.set(bound.tableId, strength === 'full' ? 'ShareRowExclusiveLock' : 'AccessShareLock');
  }
  return locks;
}

function otherDatabase(transaction: Locking, tableId: TableId): number | undefined {
  const found = transaction.catalog().relationAnywhere(tableId)?.database;
  return found === transaction.database ? undefined : found;
}

/** The statement as `bind` gives it, with the locks it needs. */
export function lockBound<B extends BoundStatement>(
  transaction: Transaction,
  bind: () => B | Promise<B>,
  strength: LockStrength = 'full',
): Promise<B> {
  return lockResolved(transaction, async () => {
    const bound = await bind();
    return { value: bound, locks: locksOf(bound, strength, transaction) };
  });
}

/** Tells the transaction which rows the statement is about to read and write. */
export function touchTables(transaction: Transaction, bound: BoundStatement): void {
  for (const tableId of tablesRead(bound.rel)) transaction.touch(tableId, 'read');
  if (bound.kind !== 'select') transaction.touch(bound.tableId, bound.kind === 'insert' ? 'append' : 'modify');
}
