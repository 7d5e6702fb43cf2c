/**
 * MERGE INTO target USING source ON condition, then both WHEN clauses in this order or REMOVE DUPLICATES. The target has no
 * alias.
 */
import { featureNotSupported, undefinedTargetColumn } from '../../../common/errors/catalogue.ts';
import type { FromItem, QualifiedName, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { expressionFrom, queryFrom, takeOperand, takeQuery } from '../grammar/expression.ts';
import { valueRow } from './insert.ts';

type Merge = Extract<StatementBody, { kind: 'merge' }>;

function operand(c: Cursor, stops: readonly string[]): ReturnType<typeof expressionFrom> {
  const tokens = takeOperand(c, stops);
  if (tokens.length === 0) throw c.fail();
  return expressionFrom(c, tokens);
}

function source(c: Cursor): FromItem {
  const { pos } = c;
  let query: Extract<FromItem, { kind: 'derived' }>['query'] | undefined;
  let table: QualifiedName | undefined;
  if (c.acceptSymbol('(')) {
    const tokens = takeQuery(c);
    if (tokens.length === 0) throw c.fail();
    query = queryFrom(c, tokens);
    c.expectSymbol(')');
  } else table = c.qualified();
  const alias = c.accept('as') || !c.atWords('on') ? { alias: c.name() } : {};
  if (query !== undefined) return { kind: 'derived', query, ...alias, columnAliases: [], pos };
  return { kind: 'table', name: table!, ...alias, columnAliases: [], pos };
}

function assignments(c: Cursor, table: QualifiedName): Extract<Merge['matched'], { kind: 'update' }>['set'] {
  return c.list(() => {
    const { pos } = c;
    const column = c.name();
    if (c.at('.')) throw undefinedTargetColumn(column, table.name, pos + 1);
    c.expectSymbol('=');
    const { pos: at } = c;
    if (c.accept('default')) return { column, value: { kind: 'default', pos: at } as const, pos };
    return { column, value: operand(c, ['when']), pos };
  });
}

const singleClause = (): Error => featureNotSupported('MERGE statement with a single WHEN clause is not enabled.');

function insertClause(c: Cursor): NonNullable<Merge['insert']> {
  c.expect('not', 'matched', 'then', 'insert');
  const columns = c.at('(') ? c.nameList() : [];
  c.expect('values');
  const { pos } = c;
  return { columns, values: valueRow(c), pos };
}

/** The cursor stands behind MERGE. */
export function merge(c: Cursor): StatementBody {
  c.expect('into');
  const table = c.qualified();
  c.expect('using');
  const from = source(c);
  c.expect('on');
  const on = operand(c, ['when', 'remove']);
  const rest = { kind: 'merge', table, source: from, on } as const;
  if (c.accept('remove')) {
    c.expect('duplicates');
    return { ...rest, matched: { kind: 'duplicates' } };
  }
  c.expect('when');
  if (c.atWords('not')) {
    insertClause(c);
    c.expectEnd();
    throw singleClause();
  }
  c.expect('matched', 'then');
  let matched: Merge['matched'] = { kind: 'delete' };
  if (c.oneOf('update', 'delete') === 'update') {
    c.expect('set');
    matched = { kind: 'update', set: assignments(c, table) };
  }
  if (c.done) throw singleClause();
  c.expect('when');
  return { ...rest, matched, insert: insertClause(c) };
}
