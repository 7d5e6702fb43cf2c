/**
 * CREATE TABLE AS (and SELECT INTO): a table with the query's columns, filled by the query, then analysed.
 * Tag SELECT.
 */
import { fillTable, tableAs } from '../ddl/fill-table.ts';
import { putObject } from '../catalog/changes.ts';
import { initialAcl } from '../catalog/default-acl.ts';
import { creationTarget } from '../catalog/creation-target.ts';
import { refuseTakenName } from '../catalog/names.ts';
import { recorded } from './recorded-command.ts';
import { analyzeTable } from '../ddl/table-statistics.ts';

export default recorded('ddl', {
  kind: 'create-table-as',
  doc: 'CREATE TABLE AS',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    const nextOid = () => services.transactions.nextOid();
    const target = await creationTarget(
      session,
      transaction,
      statement.name,
      statement.temporary,
      nextOid,
      'CREATE TABLE',
    );
    let catalog = transaction.catalog();
    refuseTakenName(catalog, target.schema.oid, target.name);
    const select = await services.lockQuery(session, transaction, statement.query);
    catalog = transaction.catalog();
    refuseTakenName(catalog, target.schema.oid, target.name);
    const table = tableAs(statement, select, catalog, {
      oid: nextOid(),
      schemaOid: target.schema.oid,
      name: target.name,
      ownerOid: session.user.oid,
      createdAtMicros: services.clock.nowMicros(),
      temporary: target.temporary,
    });
    await transaction.lock(table.oid, 'AccessExclusiveLock');
    const acl = initialAcl(transaction.catalog(), 'tables', session.user.oid, target.schema.oid);
    putObject(transaction, { ...table, acl });
    await fillTable(context, table, select, context.text.slice(statement.start, statement.end));
    // Own rows are seen by later statements only.
    transaction.nextStatement();
    await analyzeTable(context, table);
    return { tag: 'SELECT' };
  },
});
