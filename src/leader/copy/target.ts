/**
 * COPY's target: the table with rights checked and locked, and where each of its columns comes from: a field of the
 * file or what it gets where nothing is given.
 */
import {
  columnTwice,
  identityColumnValue,
  identityNeedsList,
  undefinedTargetColumn,
} from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { someExpr } from '../../expressions/walk.ts';
import { analyseDefaults, analyseScalar, type AnalyserContext } from '../analyser/index.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { asTable } from '../catalog/names.ts';
import {
  columnByName,
  liveColumns,
  type CatalogColumn,
  type RelationObject,
  type TableObject,
} from '../catalog/objects.ts';
import { requireAssumable } from './assume-role.ts';
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
type Columns = Pick<CopyStatement, 'table' | 'columns'>;

export interface CopyColumns {
  /** In the order of the file. */
  readonly fields: readonly CatalogColumn[];
  /** The other columns: defaults, next identity values, NULLs. */
  readonly defaults: readonly { readonly column: CatalogColumn; readonly expr: BoundExpr }[];
}

/** The relation as a table that the user may load with these options. */
export function requireTarget(
  session: Session,
  transaction: Transaction,
  found: RelationObject,
  options: CopyOptions,
): TableObject {
  const catalog = transaction.catalog();
  const schema = catalog.schemaByOid(found.schemaOid);
  if (schema !== undefined && schema.temporaryOf === undefined) requirePrivilege(catalog, session.user, schema, 'U');
  requirePrivilege(catalog, session.user, found, 'a');
  requireAssumable(catalog, session.user, options.credentials, 'COPY');
  const table = asTable(found);
  if (options.statUpdate === 'on' || options.compUpdate === 'on') requireOwner(session.user, table);
  return table;
}

export async function lockTarget(
  session: Session,
  transaction: Transaction,
  statement: CopyStatement,
  options: CopyOptions,
): Promise<TableObject> {
  const check = (found: RelationObject): void => void requireTarget(session, transaction, found, options);
  const table = asTable(await lockRelation(session, transaction, statement.table, 'ShareRowExclusiveLock', check));
  if (!options.noLoad) transaction.touch(table.oid, 'append');
  return table;
}

/** Columns the file fills: the list, or all but those that always number themselves. */
export function fieldColumns(table: TableObject, statement: Columns, options: CopyOptions): readonly CatalogColumn[] {
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
  const left = liveColumns(table).find((c) => c.identity?.byDefault === false && !seen.has(c.name));
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
  const rest = liveColumns(table).filter((c) => !fields.includes(c));
  const context = { ...analyserContext({ runner }, session, transaction, 'none'), onSlices: true };
  const exprs = analyseDefaults(table, rest, context);
  const defaults: { column: CatalogColumn; expr: BoundExpr }[] = [];
  const onLeader = (e: BoundExpr): boolean =>
    e.kind === 'call' && scalarOf(runner.deps.functions, e.name)?.host !== undefined;
  for (const [i, column] of rest.entries()) {
    const expr = exprs[i]!;
    const isKnown = !someExpr(expr, onLeader);
    defaults.push({ column, expr: isKnown ? expr : await valueOf(services, session, transaction, context, column) });
  }
  return { fields, defaults };
}

/** A default that only the leader can evaluate, asked once. */
async function valueOf(
  services: QueryServices,
  session: Session,
  transaction: Transaction,
  context: AnalyserContext,
  column: CatalogColumn,
): Promise<BoundExpr> {
  const { rows } = await services.query(session, transaction, `select ${column.defaultText}`);
  const text = rows[0]?.[0];
  if (text === null || text === undefined) return { kind: 'const', type: column.type, value: null };
  const { body } = parseQueryTextSync(`select '${text.replaceAll("'", "''")}'`);
  const item = body.kind === 'select' ? body.items[0] : undefined;
  return analyseScalar(item!.expr, context, column);
}
