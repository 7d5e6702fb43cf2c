/**
 * ALTER TABLE (and ALTER VIEW's RENAME and OWNER). Changes of names, owner, columns and constraints are
 * catalog changes, which bound views follow; DISTSTYLE, DISTKEY, SORTKEY and ENCODE rewrite the table. Dropping
 * or retyping a column that a bound view uses is refused.
 */
import {
  dependentObjects,
  duplicateColumn,
  featureNotSupported,
  invalidTableDefinition,
  tooManyTableColumns,
  undefinedConstraint,
  undefinedTargetColumn,
  typeUsedByView,
  wrongObjectType,
} from '../../common/errors/catalogue.ts';
import { TABLE_COLUMNS_MAX } from '../../common/limits.ts';
import { formatType, withCollation } from '../../types/sql-type.ts';
import { columnType, declaredEncoding, defaultEncoding } from '../catalog/column-types.ts';
import { putObject, putStatistics } from '../catalog/changes.ts';
import { described } from '../catalog/classes/index.ts';
import { withoutConstraints } from '../ddl/drop-constraints.ts';
import { dropObjects } from '../ddl/drop-objects.ts';
import { lockMentioned, lockNamed, lockRelation } from '../catalog/lock-by-name.ts';
import { quoteName, quoteQualified, refuseTakenName, schemaNameOf } from '../catalog/names.ts';
import { addConstraints, draftColumn, refuseSystemName, settleEncodings } from '../ddl/new-table.ts';
import { columnByName, liveColumns } from '../catalog/objects.ts';
import type { CatalogColumn, RelationObject, TableObject } from '../catalog/objects.ts';
import { ownedBy, requireOwnerOr, requireSuperuser } from '../catalog/privileges.ts';
import { refusePolicyColumn } from '../ddl/policies.ts';
import { brokenViews, rebuildTable } from '../ddl/rebuild-table.ts';
import { recorded } from './recorded-command.ts';
import { automaticDistribution, distributionOf, sortOf } from '../catalog/table-attributes.ts';
import type { AlterAction } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';

type Action<K extends AlterAction['kind']> = Extract<AlterAction, { kind: K }>;

function requireColumn(relation: RelationObject, name: string): CatalogColumn {
  const column = columnByName(relation, name);
  if (column === undefined) throw undefinedTargetColumn(name, relation.name);
  return column;
}
const withColumn = (table: TableObject, column: CatalogColumn): TableObject => ({
  ...table,
  columns: table.columns.map((c) => (c.attnum === column.attnum ? column : c)),
});

function rename(context: CommandContext, relation: RelationObject, to: string): void {
  const name = to;
  if (relation.kind === 'table' && !relation.temporary && name.startsWith('#')) {
    throw invalidTableDefinition('a permanent table cannot be renamed to a temporary name');
  }
  refuseTakenName(context.transaction.catalog(), relation.schemaOid, name);
  putObject(context.transaction, { ...relation, name });
}

async function changeOwner(
  { session, transaction }: CommandContext,
  relation: RelationObject,
  to: string,
): Promise<void> {
  requireSuperuser(session.user, 'change owner');
  const { oid } = await lockNamed(transaction, 'user', to);
  putObject(transaction, ownedBy(relation, oid));
}

async function addColumn(
  context: CommandContext,
  table: TableObject,
  { column: def }: Action<'add-column'>,
): Promise<void> {
  if (columnByName(table, def.name) !== undefined) throw duplicateColumn(def.name);
  if (table.columns.length >= TABLE_COLUMNS_MAX) throw tooManyTableColumns(String(TABLE_COLUMNS_MAX));
  if (def.identity !== undefined) {
    throw featureNotSupported('ALTER TABLE ADD COLUMN cannot add an IDENTITY column');
  }
  if (def.distkey || def.sortkey) {
    throw featureNotSupported('ALTER TABLE ADD COLUMN cannot add a distribution or sort key');
  }
  if (def.primaryKey || def.unique || def.references !== undefined) {
    throw featureNotSupported('ALTER TABLE ADD COLUMN cannot add a UNIQUE, PRIMARY KEY or FOREIGN KEY column');
  }
  const attnum = Math.max(...table.columns.map((c) => c.attnum)) + 1;
  refuseSystemName(def.name);
  const [made] = settleEncodings([draftColumn(context, def, attnum, table.name)], [], table.temporary);
  let missingValue: string | null = null;
  if (def.defaultText !== undefined) {
    const sql = `select cast((${def.defaultText}) as ${formatType(made!.type)})`;
    [missingValue = null] = await context.services.storedValues(context.session, context.transaction, sql);
  }
  if (def.notNull && missingValue === null) {
    throw featureNotSupported('ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression');
  }
  putObject(context.transaction, { ...table, columns: [...table.columns, { ...made!, missingValue }] });
}

async function dropColumn(context: CommandContext, table: TableObject, action: Action<'drop-column'>): Promise<void> {
  const column = requireColumn(table, action.column);
  if (table.distkey === column.attnum) {
    throw featureNotSupported(`cannot drop distribution key column "${column.name}"`);
  }
  if (table.sortkey.includes(column.attnum)) {
    throw featureNotSupported(`cannot drop sortkey column "${column.name}"`);
  }
  if (liveColumns(table).length === 1) throw invalidTableDefinition('cannot drop the last column of a table');
  const keys = table.constraints.filter((c) => c.attnums.includes(column.attnum));
  const what = `${described(table)} column ${column.name}`;
  const left = await withoutConstraints(context, table, keys, action.cascade, what);
  const { [column.attnum]: _, ...columnComments } = left.columnComments ?? {};
  putObject(context.transaction, { ...withColumn(left, { ...column, dropped: true }), columnComments });
  const { statistics } = table;
  if (statistics !== undefined) {
    putStatistics(context.transaction, table.oid, {
      ...statistics,
      columns: statistics.columns.filter((c) => c.attnum !== column.attnum),
    });
  }
  const broken = brokenViews(context, table.oid);
  if (broken.length === 0) return;
  if (!action.cascade) {
    throw dependentObjects(`table ${table.name} column ${column.name}`, broken.map(described));
  }
  const stillThere = (): readonly RelationObject[] =>
    broken.map((view) => context.transaction.catalog().relationByOid(view.oid)).filter((view) => view !== undefined);
  await dropObjects(context, stillThere, true);
}

function renameColumn(context: CommandContext, table: TableObject, action: Action<'rename-column'>): void {
  const column = requireColumn(table, action.from);
  refuseSystemName(action.to);
  if (columnByName(table, action.to) !== undefined) throw duplicateColumn(action.to);
  putObject(context.transaction, withColumn(table, { ...column, name: action.to }));
}

/** A bound view promises its columns' types: one that uses the column stands in the way of another type. */
function refuseUsed(context: CommandContext, table: TableObject, column: CatalogColumn): void {
  // A materialized view only becomes unrefreshable.
  const users = brokenViews(context, table.oid, column.attnum).filter((view) => view.kind === 'view');
  if (users.length === 0) return;
  throw typeUsedByView(users.map((v) => `${described(v)} depends on column "${column.name}"`).join('\n'));
}

const FIXED_WIDTH_ENCODINGS: readonly string[] = ['bytedict', 'runlength', 'text255', 'text32k'];

async function alterType(context: CommandContext, table: TableObject, action: Action<'alter-type'>): Promise<void> {
  const column = requireColumn(table, action.column);
  const type = withCollation(columnType(action.type, `${table.name}.${column.name}`), column.type.collation);
  if (column.type.name !== 'varchar' || type.name !== 'varchar') {
    throw featureNotSupported('ALTER COLUMN TYPE is not supported');
  }
  if (FIXED_WIDTH_ENCODINGS.includes(column.encoding)) {
    throw featureNotSupported(`ALTER COLUMN TYPE is not supported for encoding ${column.encoding}`);
  }
  if (column.defaultText !== undefined) {
    throw featureNotSupported('ALTER COLUMN TYPE is not supported for a column with a default');
  }
  if (table.constraints.some((c) => c.attnums.includes(column.attnum))) {
    throw featureNotSupported('ALTER COLUMN TYPE is not supported for a column with a constraint');
  }
  if (type.length! < column.type.length!) {
    const { services, session, transaction } = context;
    const from = quoteQualified(schemaNameOf(transaction.catalog(), table), table.name);
    // An older snapshot would not see the longest values.
    transaction.touch(table.oid, 'rewrite');
    const sql = `select max(octet_length(${quoteName(column.name)})) from ${from}`;
    const longest = Number((await services.query(session, transaction, sql)).rows[0]?.[0] ?? 0);
    if (longest > type.length!) {
      throw featureNotSupported(
        `column "${column.name}" holds values of ${longest} bytes, longer than ${formatType(type)}`,
      );
    }
  }
  refuseUsed(context, table, column);
  putObject(context.transaction, withColumn(table, { ...column, type }));
}

async function alterEncode(
  context: CommandContext,
  table: TableObject,
  action: Action<'alter-encode'>,
): Promise<void> {
  let changed = table;
  for (const { column: name, encode } of action.columns) {
    const column = requireColumn(changed, name);
    const encoding =
      declaredEncoding(encode, column.type, column.name) ??
      defaultEncoding(column.type, table.sortkey.includes(column.attnum), table.temporary);
    if (encoding === column.encoding) {
      throw featureNotSupported(`column "${column.name}" is already encoded as ${encoding}`);
    }
    changed = withColumn(changed, { ...column, encoding });
  }
  if (table.sortkeyStyle === 'interleaved') {
    throw featureNotSupported('ALTER COLUMN ENCODE is not supported for a table with an interleaved sort key');
  }
  await rebuildTable(context, table, { ...changed, encodeAuto: false });
}

/**
 * DISTSTYLE, DISTKEY, SORTKEY and ENCODE AUTO. Only a change of where rows lie or how they are sorted
 * rewrites them.
 */
export async function alterLayout(
  context: CommandContext,
  table: TableObject,
  action: Action<'alter-diststyle'>,
): Promise<void> {
  const { attributes } = action;
  if (table.temporary) {
    throw featureNotSupported('ALTER DISTSTYLE, DISTKEY and SORTKEY are not supported for temporary tables');
  }
  if (table.sortkeyStyle === 'interleaved' || attributes.sortkey?.style === 'interleaved') {
    throw featureNotSupported('ALTER TABLE is not supported for interleaved sort keys');
  }
  const none = { distkeys: [], sortkeys: [] };
  let distribution: Pick<TableObject, 'diststyle' | 'effectiveDiststyle' | 'distkey'> = {
    diststyle: table.diststyle,
    effectiveDiststyle: table.effectiveDiststyle,
    distkey: table.distkey,
  };
  if (attributes.diststyle === 'auto') {
    const { services } = context;
    distribution = automaticDistribution(table, services.rowCountOf(table.oid) <= services.autoAllRowsMax);
  } else if (attributes.diststyle !== undefined || attributes.distkey !== undefined) {
    distribution = { distkey: undefined, ...distributionOf(table.columns, attributes, none) };
  }
  const sort =
    attributes.sortkey === undefined
      ? { sortkey: table.sortkey, sortkeyStyle: table.sortkeyStyle }
      : sortOf(table.columns, attributes, none);
  const newKeys = sort.sortkey.filter((a) => !table.sortkey.includes(a));
  const changed: TableObject = {
    ...table,
    ...distribution,
    ...sort,
    encodeAuto: attributes.encodeAuto ?? table.encodeAuto,
    // A column that becomes a sort key is stored raw, so that ranges can skip it cheaply.
    columns: table.columns.map((c) => (newKeys.includes(c.attnum) ? { ...c, encoding: 'raw' } : c)),
  };
  const sameRows =
    changed.effectiveDiststyle === table.effectiveDiststyle &&
    changed.distkey === table.distkey &&
    changed.sortkey.join() === table.sortkey.join() &&
    newKeys.length === 0;
  if (sameRows) putObject(context.transaction, changed);
  else await rebuildTable(context, table, changed);
}

async function dropConstraint(
  context: CommandContext,
  table: TableObject,
  action: Action<'drop-constraint'>,
): Promise<void> {
  const gone = table.constraints.find((c) => c.name === action.name);
  if (gone === undefined) throw undefinedConstraint(action.name, table.name);
  const what = `constraint ${gone.name} on ${described(table)}`;
  putObject(context.transaction, await withoutConstraints(context, table, [gone], action.cascade, what));
}

async function alter(context: CommandContext, table: TableObject, action: AlterAction): Promise<void> {
  switch (action.kind) {
    case 'add-column':
      return addColumn(context, table, action);
    case 'drop-column':
      return dropColumn(context, table, action);
    case 'rename-column':
      return renameColumn(context, table, action);
    case 'alter-type':
      return alterType(context, table, action);
    case 'alter-encode':
      return alterEncode(context, table, action);
    case 'alter-diststyle':
      return alterLayout(context, table, action);
    case 'add-constraint': {
      const { constraint } = action;
      const mentioned = constraint.references === undefined ? [] : [constraint.references.table];
      await lockMentioned(context.session, context.transaction, mentioned);
      return putObject(context.transaction, { ...table, constraints: addConstraints(context, table, [constraint]) });
    }
    case 'drop-constraint':
      return dropConstraint(context, table, action);
    case 'rename':
      return rename(context, table, action.to);
    case 'owner':
      return changeOwner(context, table, action.to);
  }
}

/** The column that is dropped, renamed or retyped. */
function changedColumn(action: AlterAction): string | undefined {
  if (action.kind === 'rename-column') return action.from;
  return action.kind === 'drop-column' || action.kind === 'alter-type' ? action.column : undefined;
}

export default recorded('ddl', {
  kind: 'alter-table',
  doc: 'ALTER TABLE',
  outsideTransaction: ({ action }) =>
    action.kind === 'alter-type' || action.kind === 'alter-encode'
      ? 'ALTER TABLE ALTER COLUMN'
      : action.kind === 'alter-diststyle'
        ? 'ALTER TABLE ALTER DISTSTYLE, DISTKEY or SORTKEY'
        : undefined,
  async run(context, statement) {
    const { session, transaction } = context;
    const { action } = statement;
    const relation = await lockRelation(session, transaction, statement.name, 'AccessExclusiveLock', (found) => {
      requireOwnerOr(transaction.catalog(), session.user, found, 'A');
    });
    if (relation.kind === 'table') {
      if (relation.materializedViewOid !== undefined) throw wrongObjectType(relation.name, 'table');
      const named = changedColumn(action);
      const column = named === undefined ? undefined : columnByName(relation, named);
      if (column !== undefined) refusePolicyColumn(transaction.catalog(), relation, column);
      await alter(context, relation, action);
    } else if (relation.kind === 'view' && action.kind === 'rename') rename(context, relation, action.to);
    else if (relation.kind === 'view' && action.kind === 'owner') await changeOwner(context, relation, action.to);
    else throw wrongObjectType(relation.name, 'table');
    return { tag: 'ALTER TABLE' };
  },
});
