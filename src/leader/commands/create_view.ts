/**
 * CREATE [OR REPLACE] VIEW: a bound view keeps its columns and what it reads by number, so that it follows
 * its tables when they are renamed; a late-binding one keeps only its text. REPLACE may not change the columns of a view, because others may read them.
 */
import {
  unqualifiedLateBinding,
  viewColumnChanged,
  viewColumnCount,
  wrongObjectType,
  duplicateTable,
  dependentObjects,
} from '../../common/errors/catalogue.ts';
import { formatType, sameType } from '../../types/sql-type.ts';
import { putObject } from '../catalog/changes.ts';
import { described } from '../catalog/classes/index.ts';
import { dependentViews, referencesOf, resolveView } from '../ddl/dependencies.ts';
import { lockResolved } from '../catalog/lock-by-name.ts';
import { creationTarget } from '../catalog/creation-target.ts';
import { checkColumnNames } from '../ddl/new-table.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { CatalogColumn, ViewObject } from '../catalog/objects.ts';
import { initialAcl } from '../catalog/default-acl.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';
import type { Query, Statement } from '../parser/ast.ts';
import { namedTables } from '../parser/query-tables.ts';
import type { BoundView } from '../ddl/context.ts';

type CreateView = Extract<Statement, { kind: 'create-view' }>;

function viewColumns(statement: CreateView, { columns }: BoundView['select']): readonly CatalogColumn[] {
  if (statement.columnNames.length > columns.length) throw viewColumnCount('CREATE VIEW');
  const made = columns.map((c, i): CatalogColumn => ({
    attnum: i + 1,
    name: statement.columnNames[i] ?? c.name,
    // An untyped literal is text to whoever reads the view.
    type: c.type.name === 'unknown' ? { name: 'text' } : c.type,
    notNull: false,
    encoding: 'raw',
    dropped: false,
  }));
  checkColumnNames(made);
  return made;
}

/** A late-binding view means the same whatever the search path of its readers: its relations say their schema. */
function requireQualified(query: Query): void {
  const plain = namedTables(query).find((item) => item.name.schema === undefined);
  if (plain !== undefined) throw unqualifiedLateBinding(plain.pos + 1);
}

function checkReplaced(old: ViewObject, columns: readonly CatalogColumn[]): void {
  liveColumns(old).forEach((before, i) => {
    const now = columns[i];
    if (now === undefined) throw viewColumnChanged('cannot drop columns from view');
    if (now.name !== before.name) {
      throw viewColumnChanged(`cannot change name of view column "${before.name}"`);
    }
    if (!sameType(now.type, before.type)) {
      throw viewColumnChanged(
        `cannot change data type of view column "${before.name}" from ${formatType(before.type)} to ${formatType(now.type)}`,
      );
    }
  });
}

const VIEW = 'CREATE OR REPLACE VIEW';

export default recorded('ddl', {
  kind: 'create-view',
  doc: 'CREATE VIEW',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    const nextOid = () => services.transactions.nextOid();
    const target = await creationTarget(session, transaction, statement.name, false, nextOid, VIEW);
    const replaced = (): ViewObject | undefined => {
      const found = transaction.catalog().relationIn(target.schema.oid, target.name);
      if (found === undefined) return undefined;
      if (!statement.replace) throw duplicateTable(target.name);
      if (found.kind !== 'view') throw wrongObjectType(target.name, 'view');
      requireOwner(session.user, found);
      return found;
    };
    const lateBinding = statement.noSchemaBinding;
    if (lateBinding) requireQualified(statement.query);
    const { old, bound } = await lockResolved(transaction, () => {
      const found = replaced();
      const resolved = lateBinding ? undefined : resolveView(context, statement.query);
      const locks = new Map(resolved?.locks);
      if (found !== undefined) locks.set(found.oid, 'AccessExclusiveLock');
      return { value: { old: found, bound: resolved?.value }, locks };
    });
    const columns = bound === undefined ? [] : viewColumns(statement, bound.select);
    if (old !== undefined) {
      if (!old.lateBinding && !lateBinding) checkReplaced(old, columns);
      const readers = dependentViews(transaction.catalog(), old.oid);
      if (lateBinding && readers.length > 0) throw dependentObjects(described(old), readers.map(described));
    }
    const view: ViewObject = {
      kind: 'view',
      oid: old?.oid ?? nextOid(),
      schemaOid: target.schema.oid,
      name: target.name,
      ownerOid: old?.ownerOid ?? session.user.oid,
      createdAtMicros: old?.createdAtMicros ?? services.clock.nowMicros(),
      acl: old?.acl ?? initialAcl(transaction.catalog(), 'tables', session.user.oid, target.schema.oid),
      rowSecurity: old?.rowSecurity,
      comment: old?.comment,
      columnComments: lateBinding ? undefined : old?.columnComments,
      columns: columns.map((c) => ({ ...c, acl: old?.columns.find((o) => !o.dropped && o.name === c.name)?.acl })),
      queryText: statement.queryText,
      searchPath: session.searchPath(),
      lateBinding,
      ...(bound === undefined ? {} : { query: bound.frozen }),
      dependsOn: bound === undefined ? [] : referencesOf(bound.frozen),
    };
    putObject(transaction, view);
    return { tag: 'CREATE VIEW' };
  },
});
