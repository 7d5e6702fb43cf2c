/**
 * TRUNCATE: removes the table's storage and commits, the whole transaction with it. Identity counters go on.
 * The session sees transaction.state 'committed' afterwards and begins a new one for what follows.
 */
import { asTable, lockRelation } from '../catalog/names.ts';
import { allows, requireOwner } from '../catalog/privileges.ts';
import { recorded } from '../catalog/recorded-command.ts';

export default recorded('utility', {
  kind: 'truncate',
  doc: 'TRUNCATE',
  async run(context, statement) {
    const { session, transaction } = context;
    const table = asTable(await lockRelation(session, transaction, statement.table, 'AccessExclusiveLock'));
    if (!allows(transaction.catalog(), session.user, table.ownerOid, table.acl, 't')) {
      requireOwner(session.user, 'relation', table);
    }
    transaction.dropStorage(table.oid);
    if (table.statistics !== undefined) {
      transaction.changeCatalog({
        kind: 'put-statistics',
        database: transaction.database,
        oid: table.oid,
        statistics: { ...table.statistics, modifiedRows: table.statistics.modifiedRows + table.statistics.rowCount },
      });
    }
    await transaction.commit();
    return { tag: 'TRUNCATE TABLE' };
  },
});
