/**
 * A bound MERGE, run: the source's rows are kept in a temporary table where the source is none, then come the UPDATE or DELETE
 * and the INSERT, as one statement of the transaction, so that neither sees what the other did.
 */
import type { BoundStatement } from '../../expressions/relation.ts';
import { KEPT_SOURCE, withKept, type BoundMerge } from '../analyser/index.ts';
import { dropObject, putObject, putStatistics } from '../catalog/changes.ts';
import { temporarySchema } from '../catalog/creation-target.ts';
import type { LockKey, LockMode } from '../catalog/scope.ts';
import { plainTable } from '../ddl/fill-table.ts';
import { settleEncodings } from '../ddl/new-table.ts';
import type { TableId } from '../../common/ids.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';
import { locksOf, type LockStrength } from './lock-statement.ts';
import type { RunOptions, StatementRunner } from './statement-runner.ts';

const partsOf = ({ keep, change, insert }: BoundMerge): readonly BoundStatement[] =>
  keep === undefined ? [change, insert] : [keep, change, insert];

export function locksOfMerge(
  merge: BoundMerge,
  strength: LockStrength,
  transaction: Transaction,
): Map<LockKey, LockMode> {
  const locks = new Map<LockKey, LockMode>();
  for (const part of partsOf(merge)) {
    for (const [table, mode] of locksOf(part, strength, transaction)) {
      if (table === KEPT_SOURCE || (mode === 'AccessShareLock' && locks.has(table))) continue;
      locks.set(table, mode);
    }
  }
  return locks;
}

type Options = Omit<RunOptions, 'consumer' | 'isLast' | 'singleMatch' | 'formats'>;

/** Fills a table of the session's with the source's rows. */
async function keepSource(
  runner: StatementRunner,
  session: Session,
  transaction: Transaction,
  keep: NonNullable<BoundMerge['keep']>,
  run: (statement: BoundStatement) => Promise<number>,
): Promise<TableId> {
  const { transactions, clock } = runner.deps;
  transaction.requireXid();
  const nextOid = (): number => transactions.nextOid();
  const schema = temporarySchema(session, transaction, nextOid);
  const oid = nextOid();
  const columns = keep.columns.map((c, i) => ({
    column: { attnum: i + 1, name: c.name, type: c.type, notNull: false, dropped: false },
    encoding: 'raw',
  }));
  const table = plainTable({
    oid,
    schemaOid: schema.oid,
    name: `merge_tt_${oid}`,
    ownerOid: session.user.oid,
    createdAtMicros: clock.nowMicros(),
    temporary: true,
    columns: settleEncodings(columns, [], true),
    effectiveDiststyle: 'even',
  });
  await transaction.lock(oid, 'AccessExclusiveLock');
  putObject(transaction, table);
  const rowCount = await run(withKept(keep, oid));
  putStatistics(transaction, oid, { rowCount, columns: [], analyzedAtMicros: clock.nowMicros(), modifiedRows: 0 });
  // Own rows are seen by later statements only.
  transaction.nextStatement();
  return oid;
}

export async function runMerge(
  runner: StatementRunner,
  session: Session,
  transaction: Transaction,
  merge: BoundMerge,
  options: Options,
): Promise<void> {
  const run = async (statement: BoundStatement, isLast: boolean): Promise<number> => {
    const shared = { ...options, formats: [], singleMatch: true, consumer: () => undefined };
    const result = await runner.run(session, transaction, statement, isLast ? { ...shared, isLast } : shared);
    return result.rowsAffected;
  };
  const kept =
    merge.keep && (await keepSource(runner, session, transaction, merge.keep, (statement) => run(statement, false)));
  const bound = <S extends BoundStatement>(part: S): S => (kept === undefined ? part : withKept(part, kept));
  await run(bound(merge.change), false);
  await run(bound(merge.insert), true);
  if (kept === undefined) return;
  const table = transaction.catalog().relationByOid(kept);
  if (table !== undefined) dropObject(transaction, table);
  transaction.dropStorage(kept);
}
