/**
 * SELECT ... INTO t is CREATE TABLE t AS SELECT ... The executor asks here before it treats a query as a
 * query.
 */
import type { Statement } from '../parser/ast.ts';

type CreateTableAs = Extract<Statement, { kind: 'create-table-as' }>;

/** The CREATE TABLE AS that a SELECT INTO means; undefined for any other query. */
export function selectIntoTarget(statement: Extract<Statement, { kind: 'query' }>): CreateTableAs | undefined {
  const { body } = statement.query;
  if (body.kind !== 'select' || body.into === undefined) return undefined;
  const { temporary, ...name } = body.into;
  return {
    kind: 'create-table-as',
    name,
    temporary,
    columnNames: [],
    attributes: {},
    query: { ...statement.query, body: { ...body, into: undefined } },
    start: statement.start,
    end: statement.end,
  };
}
