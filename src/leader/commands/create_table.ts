/**
 * CREATE TABLE: columns, LIKE, keys and constraints to a TableObject. No storage is touched; a table without
 * rows has none on the slices.
 */
import { putObject } from '../catalog/changes.ts';
import { lockMentioned } from '../catalog/lock-by-name.ts';
import { invalidTableDefinition, tooManySortkeys, undefinedTable } from '../../common/errors/catalogue.ts';
import { creationTarget } from '../catalog/creation-target.ts';
import { asTable, findRelation, refuseTakenName, spelled } from '../catalog/names.ts';
import {
  addConstraints,
  checkTableColumns,
  columnConstraints,
  draftColumn,
  settleEncodings,
} from '../ddl/new-table.ts';
import type { DraftColumn } from '../ddl/new-table.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { CatalogColumn, TableObject } from '../catalog/objects.ts';
import { info, recorded } from './recorded-command.ts';
import { distributionOf, sortOf } from '../catalog/table-attributes.ts';
import type { DistributionFields, SortFields } from '../catalog/table-attributes.ts';
import { initialAcl } from '../catalog/default-acl.ts';
import { requirePrivilege } from '../catalog/privileges.ts';
import type { QualifiedName, Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';

type CreateTable = Extract<Statement, { kind: 'create-table' }>;

interface Drafts {
  readonly columns: readonly DraftColumn[];
  /** What LIKE hands down, by the new attnums. */
  readonly inherited?: DistributionFields & SortFields & { readonly backup: boolean };
}

/** Columns in order, those of LIKE where the clause stands. */
function draftColumns(context: CommandContext, statement: CreateTable): Drafts {
  const columns: DraftColumn[] = [];
  let inherited: Drafts['inherited'];
  const copyLike = (like: CreateTable['likes'][number]): void => {
    const { transaction, session } = context;
    const found = findRelation(transaction.catalog(), session.searchPath(), like.table);
    if (found === undefined) throw undefinedTable(spelled(like.table), like.table.pos + 1);
    const parent = asTable(found);
    requirePrivilege(transaction.catalog(), session.user, parent, 'r');
    const moved = new Map<number, number>();
    for (const column of liveColumns(parent)) {
      const attnum = columns.length + 1;
      moved.set(column.attnum, attnum);
      const { encoding, missingValue: _m, identity: _i, acl: _a, defaultText, ...rest } = column;
      columns.push({ column: { ...rest, attnum, ...(like.defaults ? { defaultText } : {}) }, encoding });
    }
    inherited = {
      diststyle: parent.diststyle,
      effectiveDiststyle: parent.effectiveDiststyle,
      distkey: parent.distkey === undefined ? undefined : moved.get(parent.distkey),
      sortkey: parent.sortkey.map((a) => moved.get(a)!),
      sortkeyStyle: parent.sortkeyStyle,
      backup: parent.backup,
    };
  };
  for (let i = 0; i <= statement.columns.length; i++) {
    for (const like of statement.likes) if (like.index === i) copyLike(like);
    const def = statement.columns[i];
    if (def !== undefined) columns.push(draftColumn(context, def, columns.length + 1, statement.name.name));
  }
  // A position behind the end can only mean "last".
  for (const like of statement.likes) if (like.index > statement.columns.length) copyLike(like);
  checkTableColumns(columns.map((c) => c.column));
  if (columns.length === 0) throw invalidTableDefinition('a table must have at least one column');
  return { columns, inherited };
}

/** What LIKE hands down is the table's layout: nothing else may say it. One column alone declares the sort key. */
function checkKeys({ columns, likes, attributes, name }: CreateTable): void {
  const declares = columns.some((c) => c.distkey || c.sortkey) || Object.keys(attributes).length > 0;
  if (likes.length > 0 && declares)
    throw invalidTableDefinition('DISTSTYLE, DISTKEY, SORTKEY, BACKUP and ENCODE AUTO cannot be specified with LIKE');
  const second = columns.filter((c) => c.sortkey)[1];
  if (second !== undefined) throw tooManySortkeys(second.name, name.name, second.pos + 1);
}

const mentioned = (statement: CreateTable): readonly QualifiedName[] => [
  ...statement.likes.map((l) => l.table),
  ...[...statement.columns, ...statement.constraints].flatMap((c) => (c.references ? [c.references.table] : [])),
];

export default recorded('ddl', {
  kind: 'create-table',
  doc: 'CREATE TABLE',
  async run(context, statement: CreateTable) {
    const { services, session, transaction } = context;
    transaction.snapshot();
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
    const catalog = transaction.catalog();
    if (statement.ifNotExists && catalog.relationIn(target.schema.oid, target.name) !== undefined) {
      context.notice(info(`Relation "${target.name}" already exists and will be skipped`));
      return { tag: 'CREATE TABLE' };
    }
    refuseTakenName(catalog, target.schema.oid, target.name);
    await lockMentioned(session, transaction, mentioned(statement));
    const { columns: drafts, inherited } = draftColumns(context, statement);
    const bare: readonly CatalogColumn[] = drafts.map((d) => ({ ...d.column, encoding: 'raw' }));
    checkKeys(statement);
    const keys = {
      distkeys: statement.columns.filter((c) => c.distkey).map((c) => c.name),
      sortkeys: statement.columns.filter((c) => c.sortkey).map((c) => c.name),
    };
    const distribution = distributionOf(bare, statement.attributes, keys, inherited);
    const sort = sortOf(bare, statement.attributes, keys, inherited);
    const constraints = [...columnConstraints(statement.columns), ...statement.constraints];
    const primary = new Set(constraints.filter((c) => c.kind === 'primary').flatMap((c) => c.columns));
    const columns = settleEncodings(drafts, sort.sortkey, target.temporary).map((c) =>
      primary.has(c.name) ? { ...c, notNull: true } : c,
    );
    const oid = nextOid();
    const table: TableObject = {
      kind: 'table',
      oid,
      schemaOid: target.schema.oid,
      name: target.name,
      ownerOid: session.user.oid,
      createdAtMicros: services.clock.nowMicros(),
      acl: initialAcl(transaction.catalog(), 'tables', session.user.oid, target.schema.oid),
      columns,
      temporary: target.temporary,
      diststyle: distribution.diststyle,
      effectiveDiststyle: distribution.effectiveDiststyle,
      distkey: distribution.distkey,
      sortkey: sort.sortkey,
      sortkeyStyle: sort.sortkeyStyle,
      encodeAuto: statement.attributes.encodeAuto ?? !statement.columns.some((c) => c.encode !== undefined),
      backup: statement.attributes.backup ?? inherited?.backup ?? true,
      constraints: addConstraints(context, { oid, name: target.name, columns, constraints: [] }, constraints),
    };
    await transaction.lock(oid, 'AccessExclusiveLock');
    putObject(transaction, table);
    return { tag: 'CREATE TABLE' };
  },
});
