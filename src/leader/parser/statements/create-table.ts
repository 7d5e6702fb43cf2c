/**
 * CREATE [TEMP] TABLE [IF NOT EXISTS] name (columns) attributes, and CREATE TABLE .. AS query.
 */
import type { ColumnDef, StatementBody, TableConstraint } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { queryFromTokens } from '../postgres-ast.ts';
import { columnDef, tableConstraint } from './column.ts';
import { tableAttributes } from './table-attributes.ts';

type Like = Extract<StatementBody, { kind: 'create-table' }>['likes'][number];

/** True when the first thing in the parentheses is a name alone, without a type: CREATE TABLE t (a, b) AS. */
function isNameList(c: Cursor): boolean {
  const name = c.peek(1);
  const after = c.peek(2);
  const isName = (name?.kind === 'word' && name.value !== 'like') || name?.kind === 'quoted';
  return isName && after?.kind === 'punct' && (after.value === ')' || after.value === ',');
}

function like(c: Cursor, index: number): Like {
  const table = c.qualified();
  let defaults = false;
  if (c.accept('including')) {
    c.expect('defaults');
    defaults = true;
  } else if (c.accept('excluding')) {
    c.expect('defaults');
  }
  return { table, defaults, index };
}

type Header = Omit<Extract<StatementBody, { kind: 'create-table-as' }>, 'kind' | 'query'>;

/** AS and the query behind it, to the end. IF NOT EXISTS is for tables with a column list only, as in Redshift. */
function asQuery(c: Cursor, header: Header, ifNotExists: boolean): StatementBody {
  if (ifNotExists) throw c.fail();
  c.expect('as');
  return { kind: 'create-table-as', ...header, query: queryFromTokens(c.rest(), c.text) };
}

/** CREATE and TEMP are consumed; the cursor stands behind TABLE. */
export function createTable(c: Cursor, temporaryWord: boolean): StatementBody {
  const ifNotExists = c.accept('if', 'not', 'exists');
  const name = c.qualified();
  const temporary = temporaryWord || name.name.startsWith('#');
  const header = { name, temporary };
  if (c.at('(') && isNameList(c)) {
    const columnNames = c.nameList();
    return asQuery(c, { ...header, columnNames, attributes: tableAttributes(c) }, ifNotExists);
  }
  if (!c.at('(')) return asQuery(c, { ...header, columnNames: [], attributes: tableAttributes(c) }, ifNotExists);
  const columns: ColumnDef[] = [];
  const constraints: TableConstraint[] = [];
  const likes: Like[] = [];
  c.expectSymbol('(');
  c.list(() => {
    if (c.atWords('like') && c.accept('like')) {
      likes.push(like(c, columns.length));
      return;
    }
    const constraint = tableConstraint(c);
    if (constraint === undefined) columns.push(columnDef(c));
    else if (constraint !== 'none') constraints.push(constraint);
  });
  c.expectSymbol(')');
  if (c.atWords('inherits')) {
    c.lacks('INHERITS is not supported', c.pos);
    c.next();
    c.expectSymbol('(');
    c.list(() => c.qualified());
    c.expectSymbol(')');
  }
  const attributes = tableAttributes(c);
  c.expectEnd();
  return { kind: 'create-table', ...header, ifNotExists, columns, constraints, likes, attributes };
}
