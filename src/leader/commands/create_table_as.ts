/**
 * CREATE TABLE AS (and SELECT INTO): a table with the query's columns, filled by the query, then analysed.
 * Tag SELECT. Distribution comes from the attributes, else from the one table a plain SELECT reads, else AUTO
 * (spread evenly).
 */
import { inheritedDistribution, columnsFromQuery, fillTable, plainTable } from '../ddl/fill-table.ts';
import { putObject } from '../catalog/changes.ts';
import { creationTarget } from '../catalog/creation-target.ts';
import { refuseTakenName } from '../catalog/names.ts';
import { settleEncodings } from '../ddl/new-table.ts';
import { recorded } from './recorded-command.ts';
import { distributionOf, sortOf } from '../catalog/table-attributes.ts';
import { analyzeTable } from '../ddl/table-statistics.ts';

const NO_KEYS = { distkeys: [], sortkeys: [] };

export default recorded('ddl', {
  kind: 'create-table-as',
  doc: 'CREATE TABLE AS',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    const nextOid = () => services.transactions.nextOid();
    const target = await creationTarget(session, transaction, statement.name, statement.temporary, nextOid);
    let catalog = transaction.catalog();
    refuseTakenName(catalog, target.schema.oid, target.name);
    const select = await services.lockQuery(session, transaction, statement.query);
    catalog = transaction.catalog();
    refuseTakenName(catalog, target.schema.oid, target.name);
    const bare = columnsFromQuery(select, statement.columnNames, target.name, 'CREATE TABLE AS');
    const probe = bare.map((c) => ({ ...c, encoding: 'raw' }));
    const spread = { diststyle: 'auto', effectiveDiststyle: 'even' } as const;
    const distribution = distributionOf(
      probe,
      statement.attributes,
      NO_KEYS,
      inheritedDistribution(catalog, select) ?? spread,
    );
    const sort = sortOf(probe, statement.attributes, NO_KEYS);
    const drafts = bare.map((column) => ({ column, encoding: undefined }));
    const table = plainTable({
      oid: nextOid(),
      schemaOid: target.schema.oid,
      name: target.name,
      ownerOid: session.user.oid,
      createdAtMicros: services.clock.nowMicros(),
      temporary: target.temporary,
      columns: settleEncodings(drafts, sort.sortkey, target.temporary),
      ...distribution,
      ...sort,
      backup: statement.attributes.backup ?? true,
    });
    await transaction.lock(table.oid, 'AccessExclusiveLock');
    putObject(transaction, table);
    await fillTable(context, table, select, context.text.slice(statement.start, statement.end));
    // Own rows are seen by later statements only.
    transaction.nextStatement();
    await analyzeTable(context, table);
    return { tag: 'SELECT' };
  },
});
