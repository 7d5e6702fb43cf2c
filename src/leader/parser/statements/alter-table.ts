/**
 * ALTER TABLE, which is for views too (Redshift has no ALTER VIEW): one action a statement, except that distribution and
 * sort key changes may be combined, and encodings of several columns may be changed.
 */
import { featureNotSupported, redundantOptions } from '../../../common/errors/catalogue.ts';
import type { SqlError } from '../../../common/errors/sql-error.ts';
import type { AlterAction, StatementBody, QualifiedName } from '../ast.ts';
import type { TableAttributes } from '../table-attributes.ts';
import type { Cursor } from '../cursor.ts';
import { missing } from '../grammar/commands.ts';
import { expressionFrom } from '../grammar/expression.ts';
import { ALTER_TABLE } from '../grammar/missing-commands.ts';
import { columnDef, tableConstraint } from './column.ts';
import { tableAttributes } from './table-attributes.ts';
import { typeName } from './type.ts';

/** [RESTRICT | CASCADE] at the end of DROP and the like. */
export function cascadeWord(c: Cursor): boolean {
  if (c.accept('cascade')) return true;
  c.accept('restrict');
  return false;
}

/** ENCODE e [, ALTER COLUMN c ENCODE e ...], behind the first ENCODE. */
function alterEncodings(c: Cursor, first: string): AlterAction {
  const columns = [{ column: first, encode: c.word() }];
  while (c.at(',')) {
    c.expectSymbol(',');
    c.expect('alter');
    c.accept('column');
    const column = c.name();
    c.expect('encode');
    columns.push({ column, encode: c.word() });
  }
  return { kind: 'alter-encode', columns };
}

function alterColumn(c: Cursor): AlterAction {
  const column = c.name();
  if (c.accept('encode')) return alterEncodings(c, column);
  if (c.accept('set', 'data', 'type') || c.accept('type')) return { kind: 'alter-type', column, type: typeName(c) };
  const { pos } = c;
  const refused = (what: string): SqlError => {
    c.expectEnd();
    return featureNotSupported(`ALTER COLUMN ${what} is not supported`, pos + 1);
  };
  if (c.accept('set', 'not', 'null')) throw refused('SET NOT NULL');
  if (c.accept('drop', 'not', 'null')) throw refused('DROP NOT NULL');
  if (c.accept('drop', 'default')) throw refused('SET/DROP DEFAULT');
  if (!c.accept('set', 'default')) throw c.fail();
  expressionFrom(
    c,
    c.takeUntil(() => false),
  );
  throw refused('SET/DROP DEFAULT');
}

/** ALTER DISTSTYLE / DISTKEY / SORTKEY / ENCODE AUTO, with further `, ALTER ...` of the same kind. */
function alterAttributes(c: Cursor): AlterAction {
  let attributes: TableAttributes = {};
  do {
    if (!c.atAny(['diststyle', 'distkey', 'sortkey', 'compound', 'interleaved', 'encode'])) throw c.fail();
    const { pos } = c;
    const more = tableAttributes(c, true);
    if (Object.keys(more).some((key) => key in attributes)) throw redundantOptions(pos + 1);
    attributes = { ...attributes, ...more };
    if (more.backup !== undefined) c.lacks('ALTER TABLE BACKUP is not supported', pos);
  } while (c.at(',') && (c.expectSymbol(','), c.expect('alter'), true));
  return { kind: 'alter-diststyle', attributes };
}

function action(c: Cursor): AlterAction {
  if (c.accept('add')) {
    if (!c.atWords('column')) {
      const constraint = tableConstraint(c);
      if (constraint === 'none') {
        c.expectEnd();
        throw c.gap!;
      }
      if (constraint !== undefined) return { kind: 'add-constraint', constraint };
    }
    c.accept('column');
    return { kind: 'add-column', column: columnDef(c) };
  }
  if (c.accept('drop', 'constraint')) return { kind: 'drop-constraint', name: c.name(), cascade: cascadeWord(c) };
  if (c.accept('drop')) {
    c.accept('column');
    return { kind: 'drop-column', column: c.name(), cascade: cascadeWord(c) };
  }
  if (c.accept('rename', 'to')) return { kind: 'rename', to: c.name() };
  if (c.accept('rename')) {
    c.accept('column');
    const from = c.name();
    c.expect('to');
    return { kind: 'rename-column', from, to: c.name() };
  }
  if (c.accept('owner', 'to')) return { kind: 'owner', to: c.name() };
  if (c.accept('alter')) {
    const keyWords = ['diststyle', 'distkey', 'sortkey', 'compound', 'interleaved'];
    if (c.atAny(keyWords) || c.atWords('encode', 'auto')) return alterAttributes(c);
    c.accept('column');
    return alterColumn(c);
  }
  throw c.fail();
}

/** The next words of an action that is not carried out: which, and that it is refused. */
function missingAction(c: Cursor): StatementBody | undefined {
  const ifNotExists = c.atWords('add', 'if', 'not');
  const words = Object.keys(ALTER_TABLE).find((action) => c.atWords(...action.toLowerCase().split(' ')));
  const action = ifNotExists ? 'ADD PARTITION' : words;
  if (action !== undefined) return missing(c, `ALTER TABLE ${action}`, ALTER_TABLE[action]);
  const started = c.atAny(['masking', 'partition', 'set']);
  return started ? missing(c, 'ALTER TABLE', `{${Object.values(ALTER_TABLE).join(' | ')}}`) : undefined;
}

/** ROW LEVEL SECURITY {ON | OFF} [CONJUNCTION TYPE {AND | OR}], behind the name. */
export function rowLevelSecurity(c: Cursor, name: QualifiedName, materialized: boolean): StatementBody {
  c.expect('row', 'level', 'security');
  const on = c.oneOf('on', 'off') === 'on';
  const type = c.accept('conjunction', 'type') ? { conjunction: c.oneOf('and', 'or') as 'and' | 'or' } : {};
  const { pos } = c;
  if (c.accept('for', 'datashares')) c.lacks('ROW LEVEL SECURITY FOR DATASHARES is not supported', pos);
  c.expectEnd();
  return { kind: 'row-level-security', name, on, ...type, materialized };
}

/** The cursor stands behind TABLE. */
export function alterTable(c: Cursor): StatementBody {
  const name = c.qualified();
  if (c.accept('append')) {
    c.expect('from');
    const source = c.qualified();
    const rule = c.atAny(['ignoreextra', 'filltarget']) ? (c.word() as 'ignoreextra' | 'filltarget') : undefined;
    return { kind: 'append-table', name, source, ...(rule === undefined ? {} : { rule }) };
  }
  if (c.atWords('row')) return rowLevelSecurity(c, name, false);
  const refused = missingAction(c);
  if (refused !== undefined) return refused;
  const first = action(c);
  c.expectEnd();
  return { kind: 'alter-table', name, action: first };
}
