/**
 * SELECT ... INTO t is CREATE TABLE t AS SELECT ... The executor asks here before it treats a query as a
 * query.
 */
import type { Query, SelectCore, Statement } from '../parser/ast.ts';

type CreateTableAs = Extract<Statement, { kind: 'create-table-as' }>;

/** The target that the first SELECT of a query names, and the query without it. */
function withoutInto(
  query: Query,
): { readonly into: NonNullable<SelectCore['into']>; readonly query: Query } | undefined {
  const { body } = query;
  if (body.kind === 'setop') {
    const left = withoutInto(body.left);
    return left && { into: left.into, query: { ...query, body: { ...body, left: left.query } } };
  }
  if (body.kind !== 'select' || body.into === undefined) return undefined;
  return { into: body.into, query: { ...query, body: { ...body, into: undefined } } };
}

/** The CREATE TABLE AS that a SELECT INTO means; undefined for any other query. */
export function selectIntoTarget(statement: Extract<Statement, { kind: 'query' }>): CreateTableAs | undefined {
  const found = withoutInto(statement.query);
  if (found === undefined) return undefined;
  const { temporary, ...name } = found.into;
  return {
    kind: 'create-table-as',
    name,
    temporary,
    columnNames: [],
    attributes: {},
    query: found.query,
    start: statement.start,
    end: statement.end,
  };
}
