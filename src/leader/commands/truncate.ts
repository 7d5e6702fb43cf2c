/**
 * TRUNCATE: removes the table's storage and commits, the whole transaction with it. Identity counters go on.
 * The session sees transaction.state 'committed' afterwards and begins a new one for what follows.
 */
import { putStatistics } from '../catalog/changes.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { asTable } from '../catalog/names.ts';
import { requireOwnerOr } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('utility', {
  kind: 'truncate',
  doc: 'TRUNCATE',
  async run(context, statement) {
    const { session, transaction } = context;
    const relation = await lockRelation(session, transaction, statement.table, 'AccessExclusiveLock', (found) => {
      requireOwnerOr(transaction.catalog(), session.user, asTable(found), 't');
    });
    const table = asTable(relation);
    transaction.touch(table.oid, 'replace');
    transaction.rewrote(table.oid);
    transaction.dropStorage(table.oid);
    if (table.statistics !== undefined) {
      const { modifiedRows, rowCount } = table.statistics;
      putStatistics(transaction, table.oid, { ...table.statistics, modifiedRows: modifiedRows + rowCount });
    }
    await transaction.commit();
    return { tag: 'TRUNCATE TABLE' };
  },
});
