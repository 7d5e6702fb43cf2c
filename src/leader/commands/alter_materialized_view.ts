/** ALTER MATERIALIZED VIEW: AUTO REFRESH, and the distribution and sort keys of the table that holds its rows. */
import { assert } from '../../common/assert.ts';
import { wrongObjectType } from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { requireAutomatic } from '../ddl/automatic-refresh.ts';
import { alterLayout } from './alter_table.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-materialized-view',
  doc: 'ALTER MATERIALIZED VIEW',
  outsideTransaction: ({ attributes }) =>
    attributes === undefined ? undefined : 'ALTER MATERIALIZED VIEW ALTER DISTSTYLE, DISTKEY or SORTKEY',
  async run(context, { name, autoRefresh, attributes }) {
    const { session, transaction } = context;
    transaction.requireXid();
    const view = await lockRelation(session, transaction, name, 'AccessExclusiveLock', (found) => {
      if (found.kind !== 'materialized view') throw wrongObjectType(found.name, 'materialized view');
      requireOwner(session.user, found);
    });
    assert(view.kind === 'materialized view', 'a materialized view was checked for');
    if (autoRefresh !== undefined) {
      if (autoRefresh) await requireAutomatic(context, view);
      putObject(transaction, { ...view, autoRefresh });
    }
    if (attributes !== undefined) {
      await transaction.lock(view.storageTable, 'AccessExclusiveLock');
      const storage = transaction.catalog().relationByOid(view.storageTable);
      assert(storage?.kind === 'table', 'storage of a materialized view is a table');
      await alterLayout(context, storage, { kind: 'alter-diststyle', attributes });
      const made = transaction
        .catalog()
        .relations()
        .find((r) => r.kind === 'table' && r.materializedViewOid === view.oid);
      assert(made !== undefined, 'the view has a table');
      if (made.oid !== view.storageTable) putObject(transaction, { ...view, storageTable: made.oid });
    }
    return { tag: 'ALTER MATERIALIZED VIEW' };
  },
});
