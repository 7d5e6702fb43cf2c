/**
 * COPY's target: the table with rights checked and locked, and where each of its columns comes from: a field of the
 * file, the identity counter, or its default.
 */
import {
  columnTwice,
  identityColumnValue,
  identityNeedsList,
  undefinedTargetColumn,
} from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { someExpr } from '../../expressions/walk.ts';
import { analyseScalar } from '../analyser/index.ts';
import { refuseSeveralSequences } from '../analyser/defaults.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { asTable } from '../catalog/names.ts';
import {
  columnByName,
  liveColumns,
  type CatalogColumn,
  type RelationObject,
  type TableObject,
} from '../catalog/objects.ts';
import { requireOwner, requirePrivilege } from '../catalog/privileges.ts';
import { analyserContext } from '../statement/execute.ts';
import type { Statement } from '../parser/ast.ts';
import { parseQueryTextSync } from '../parser/parser.ts';
import type { QueryServices } from '../ddl/context.ts';
import type { Session } from '../session/types.ts';
import { scalarOf, type StatementRunner } from '../statement/statement-runner.ts';
import type { Transaction } from '../transaction/types.ts';
import type { CopyOptions } from './options.ts';

type CopyStatement = Extract<Statement, { kind: 'copy' }>;

export interface CopyColumns {
  /** In the order of the file. */
  readonly fields: readonly CatalogColumn[];
  readonly identity: CatalogColumn | undefined;
  /** The other columns. */
  readonly defaults: readonly { readonly column: CatalogColumn; readonly expr: BoundExpr }[];
}

export async function lockTarget(
  session: Session,
  transaction: Transaction,
  statement: CopyStatement,
  options: CopyOptions,
): Promise<TableObject> {
  const check = (found: RelationObject): void => {
    const catalog = transaction.catalog();
    const schema = catalog.schemaByOid(found.schemaOid);
    if (schema !== undefined && schema.temporaryOf === undefined)
      requirePrivilege(catalog, session.user, schema, 'U');
    requirePrivilege(catalog, session.user, found, 'a');
    const table = asTable(found);
    if (options.statUpdate === 'on' || options.compUpdate === 'on') requireOwner(session.user, table);
  };
  const table = asTable(await lockRelation(session, transaction, statement.table, 'ShareRowExclusiveLock', check));
  if (!options.noLoad) transaction.touch(table.oid, 'append');
  return table;
}

/** Columns the file fills: the list, or all but those that always number themselves. */
function fieldColumns(table: TableObject, statement: CopyStatement, options: CopyOptions): readonly CatalogColumn[] {
  const at = statement.table.pos + 1;
  const numbered = (c: CatalogColumn): boolean =>
    c.identity !== undefined && !c.identity.byDefault && !options.explicitIds;
  if (statement.columns.length === 0) return liveColumns(table).filter((c) => !numbered(c));
  const seen = new Set<string>();
  const columns = statement.columns.map((name) => {
    const column = columnByName(table, name);
    if (column === undefined) throw undefinedTargetColumn(name, table.name, at);
    if (seen.has(name)) throw columnTwice(name, at);
    seen.add(name);
    if (numbered(column)) throw identityColumnValue(at);
    return column;
  });
  const left = liveColumns(table).find((c) => c.identity !== undefined && !seen.has(c.name));
  if (options.explicitIds && left !== undefined) throw identityNeedsList(left.name, at);
  return columns;
}

export async function copyColumns(
  runner: StatementRunner,
  services: QueryServices,
  session: Session,
  transaction: Transaction,
  table: TableObject,
  statement: CopyStatement,
  options: CopyOptions,
): Promise<CopyColumns> {
  const fields = fieldColumns(table, statement, options);
  refuseSeveralSequences(table, (attnum) => fields.some((f) => f.attnum === attnum));
  const rest = liveColumns(table).filter((c) => !fields.includes(c));
  const defaults: { column: CatalogColumn; expr: BoundExpr }[] = [];
  for (const column of rest) {
    if (column.identity !== undefined) continue;
    defaults.push({ column, expr: await defaultOf(runner, services, session, transaction, column) });
  }
  return { fields, identity: rest.find((c) => c.identity !== undefined), defaults };
}

/** The default as slices can evaluate it: what only the leader knows is asked once. */
async function defaultOf(
  runner: StatementRunner,
  services: QueryServices,
  session: Session,
  transaction: Transaction,
  column: CatalogColumn,
): Promise<BoundExpr> {
  if (column.defaultText === undefined) return { kind: 'const', type: column.type, value: null };
  const bind = (text: string): BoundExpr => {
    const { body } = parseQueryTextSync(`select ${text}`);
    const item = body.kind === 'select' ? body.items[0] : undefined;
    return analyseScalar(item!.expr, analyserContext({ runner }, session, transaction, []), column);
  };
  const bound = bind(column.defaultText);
  const onLeader = (e: BoundExpr): boolean =>
    e.kind === 'call' && scalarOf(runner.deps.functions, e.name)?.host !== undefined;
  if (!someExpr(bound, onLeader)) return bound;
  const { rows } = await services.query(session, transaction, `select ${column.defaultText}`);
  const text = rows[0]?.[0];
  return text === null || text === undefined
    ? { kind: 'const', type: column.type, value: null }
    : bind(`'${text.replaceAll("'", "''")}'`);
}
