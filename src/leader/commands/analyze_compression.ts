/**
 * ANALYZE COMPRESSION [table [(columns)]] [COMPROWS n]: the encoding that each column would do best with, from the rows there
 * are; nothing is changed. Sort keys keep what they have.
 */
import { undefinedTargetColumn } from '../../common/errors/catalogue.ts';
import { invalidParameterValue } from '../../common/errors/catalogue.ts';
import { encodingsFor } from '../catalog/sampled-encodings.ts';
import { lockByOid, lockRelation } from '../catalog/lock-by-name.ts';
import { asTable } from '../catalog/names.ts';
import { columnByName, liveColumns, type TableObject } from '../catalog/objects.ts';
import { isOwner, requireOwner } from '../catalog/privileges.ts';
import { ROW_COLUMNS } from '../ddl/row-columns.ts';
import type { Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';
import { recorded } from './recorded-command.ts';

type AnalyzeCompression = Extract<Statement, { kind: 'analyze-compression' }>;
const ROWS_MAX = 1_000_000_000;

/** Tables of the user in this database, locked one after the other. */
async function tablesOf(
  { session, transaction }: CommandContext,
  statement: AnalyzeCompression,
): Promise<readonly TableObject[]> {
  if (statement.table !== undefined) {
    const relation = await lockRelation(session, transaction, statement.table, 'AccessExclusiveLock', (found) =>
      requireOwner(session.user, asTable(found)),
    );
    return [asTable(relation)];
  }
  const catalog = transaction.catalog();
  const own = catalog
    .relations()
    .filter((r) => r.kind === 'table' && !r.temporary && r.materializedViewOid === undefined)
    .filter((r) => isOwner(session.user, r));
  const found: TableObject[] = [];
  for (const { oid } of [...own].sort((a, b) => a.oid - b.oid)) {
    const relation = await lockByOid(transaction, oid, 'AccessExclusiveLock');
    if (relation?.kind === 'table') found.push(relation);
  }
  return found;
}

async function rowsOf(
  { services, session, transaction }: CommandContext,
  table: TableObject,
  columns: readonly string[],
): Promise<readonly (readonly string[])[]> {
  for (const name of columns)
    if (columnByName(table, name) === undefined) throw undefinedTargetColumn(name, table.name);
  const chosen = encodingsFor(table, await services.sampleEncodings(session, transaction, table));
  return liveColumns(table).map((c) => {
    if (table.sortkey.includes(c.attnum)) return [table.name, c.name, c.encoding, '0.00'];
    const best = columns.length === 0 || columns.includes(c.name) ? chosen.get(c.attnum) : undefined;
    if (best === undefined) return [table.name, c.name, 'raw', 'N/A'];
    return [table.name, c.name, best.encoding, best.reduction.toFixed(2)];
  });
}

export default recorded('utility', {
  kind: 'analyze-compression',
  doc: 'ANALYZE COMPRESSION',
  async run(context, statement) {
    const { comprows, columns } = statement;
    if (comprows !== undefined && (comprows < 0 || comprows > ROWS_MAX))
      throw invalidParameterValue(`COMPROWS must be between 1000 and ${ROWS_MAX}, not ${comprows}`);
    const rows: (readonly string[])[] = [];
    for (const table of await tablesOf(context, statement)) rows.push(...(await rowsOf(context, table, columns)));
    return { tag: 'ANALYZE COMPRESSION', rows: { columns: ROW_COLUMNS['analyze-compression']!, rows } };
  },
});
