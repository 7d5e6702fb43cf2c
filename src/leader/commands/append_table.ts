/**
 * ALTER TABLE t APPEND FROM s [IGNOREEXTRA | FILLTARGET]: the rows of one table go to another built alike, and the first is
 * empty. It commits by itself.
 */
import { assert } from '../../common/assert.ts';
import {
  appendDiffers,
  appendExtra,
  appendIdentity,
  appendInterleaved,
  appendKeysDiffer,
  appendMissing,
  appendNotNull,
  appendNotPermanent,
  appendToItself,
} from '../../common/errors/append-errors.ts';
import { permissionDenied } from '../../common/errors/catalogue.ts';
import { sameType } from '../../types/sql-type.ts';
import { lockResolved, locksOn } from '../catalog/lock-by-name.ts';
import { asTable, quoteName, quoteQualified, requireRelation, schemaNameOf } from '../catalog/names.ts';
import { liveColumns, type CatalogColumn, type TableObject } from '../catalog/objects.ts';
import { requireOwnerOr } from '../catalog/privileges.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { fillTable } from '../ddl/fill-table.ts';
import type { QualifiedName } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';
import { recorded } from './recorded-command.ts';

type Rule = 'ignoreextra' | 'filltarget' | undefined;

function checkTable(table: TableObject): void {
  if (table.temporary) throw appendNotPermanent(table.name);
  if (table.sortkeyStyle === 'interleaved') throw appendInterleaved(table.name);
}
const names = (table: TableObject, attnums: readonly number[]): string =>
  attnums.map((n) => table.columns.find((c) => c.attnum === n)?.name ?? '').join();

/** All rows move as they are: not for whom policies hide some of them, or mask values. */
function checkPolicies({ session, transaction }: CommandContext, source: TableObject): void {
  const hides = source.rowSecurity?.on === true || (source.masks ?? []).length > 0;
  if (hides && !hasSystemPrivilege(transaction.catalog(), session.user, 'IGNORE RLS'))
    throw permissionDenied('relation', source.name);
}

function checkAlike(target: TableObject, source: TableObject): void {
  const distkey = (t: TableObject): string => names(t, t.distkey === undefined ? [] : [t.distkey]);
  if (target.effectiveDiststyle !== source.effectiveDiststyle || distkey(target) !== distkey(source))
    throw appendKeysDiffer('distribution style and key');
  if (names(target, target.sortkey) !== names(source, source.sortkey)) throw appendKeysDiffer('sort keys');
}

function checkColumn(target: CatalogColumn, source: CatalogColumn): void {
  if (!sameType(target.type, source.type)) throw appendDiffers('the type', target.name);
  if (target.encoding !== source.encoding) throw appendDiffers('the encoding', target.name);
  if (target.notNull !== source.notNull) throw appendDiffers('NOT NULL', target.name);
  const identity = target.identity ?? source.identity;
  if (identity !== undefined && !(target.identity?.byDefault === true && source.identity?.byDefault === true))
    throw appendIdentity(target.name);
}

/** What each column of the target gets, as SQL over the source. */
function columnTexts(target: TableObject, source: TableObject, rule: Rule): readonly string[] {
  const own = new Map(liveColumns(source).map((c) => [c.name, c]));
  const texts = liveColumns(target).map((c) => {
    const other = own.get(c.name);
    own.delete(c.name);
    if (other !== undefined) {
      checkColumn(c, other);
      return quoteName(c.name);
    }
    if (rule !== 'filltarget') throw appendMissing(c.name);
    if (c.identity !== undefined) throw appendIdentity(c.name);
    if (c.notNull && c.defaultText === undefined) throw appendNotNull(c.name);
    return c.defaultText === undefined ? 'null' : `(${c.defaultText})`;
  });
  const [extra] = own.keys();
  if (extra !== undefined && rule !== 'ignoreextra') throw appendExtra(extra);
  return texts;
}

export default recorded('ddl', {
  kind: 'append-table',
  doc: 'ALTER TABLE APPEND',
  outsideTransaction: () => 'ALTER TABLE APPEND',
  async run(context: CommandContext, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    const find = (name: QualifiedName): TableObject => {
      const catalog = transaction.catalog();
      const table = asTable(requireRelation(catalog, session.searchPath(), name));
      requireOwnerOr(catalog, session.user, table, 'A');
      checkTable(table);
      return table;
    };
    const { target, source } = await lockResolved(transaction, () => {
      const value = { target: find(statement.name), source: find(statement.source) };
      if (value.target.oid === value.source.oid) throw appendToItself();
      return { value, locks: locksOn(transaction, [value.target, value.source], 'AccessExclusiveLock') };
    });
    checkPolicies(context, source);
    checkAlike(target, source);
    const texts = columnTexts(target, source, statement.rule);
    const from = quoteQualified(schemaNameOf(transaction.catalog(), source), source.name);
    const [query] = await services.parse(`select ${texts.join(', ')} from ${from}`);
    assert(query?.kind === 'query', 'the rows of the source are a query');
    // Older snapshots would leave rows of other writers behind.
    transaction.touch(source.oid, 'rewrite');
    transaction.touch(target.oid, 'append');
    const select = await services.lockQuery(session, transaction, query.query, undefined, 'system');
    await fillTable(context, target, select, context.text.slice(statement.start, statement.end));
    transaction.touch(source.oid, 'replace');
    transaction.rewrote(source.oid);
    transaction.dropStorage(source.oid);
    return { tag: 'ALTER TABLE APPEND' };
  },
});
