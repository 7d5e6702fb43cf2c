/**
 * CREATE [OR REPLACE] VIEW .. [WITH NO SCHEMA BINDING], CREATE MATERIALIZED VIEW, REFRESH MATERIALIZED VIEW.
 */
import { SqlError } from '../../../common/errors/sql-error.ts';
import type { Query, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { queryFromTokens } from '../postgres-ast.ts';
import { CASE_SENSITIVE_MARK, type Token } from '../lexer.ts';
import { cascadeWord, rowLevelSecurity } from './alter-table.ts';
import { sourceOf } from './column.ts';
import { tableAttributes } from './table-attributes.ts';

const NO_BINDING = ['with', 'no', 'schema', 'binding'];

/** The query as it will be read again: marked when it holds quoted names that keep their case. */
function queryText(c: Cursor, tokens: readonly Token[]): string {
  const keepsCase = tokens.some((t) => t.kind === 'quoted' && /[A-Z]/.test(t.value));
  return (keepsCase ? CASE_SENSITIVE_MARK : '') + sourceOf(c, tokens);
}

/** The query of a view; a WITH behind it begins NO SCHEMA BINDING and is wrong where that is. */
function boundQuery(c: Cursor, tokens: readonly Token[]): Query {
  try {
    return queryFromTokens(tokens, c.text);
  } catch (thrown) {
    const at = thrown instanceof SqlError ? thrown.position : undefined;
    const index = tokens.findIndex((t) => t.start + 1 === at && t.kind === 'word' && t.value === 'with');
    if (index < 0) throw thrown;
    c.index = c.tokens.length - tokens.length + index;
    c.expect(...NO_BINDING);
    throw c.fail();
  }
}

/** The cursor stands behind VIEW. */
export function createView(c: Cursor, replace: boolean): StatementBody {
  const name = c.qualified();
  const columnNames = c.at('(') ? c.nameList() : [];
  c.expect('as');
  let tokens = c.rest();
  const tail = tokens.slice(-NO_BINDING.length);
  const matches = tail.every((token, i) => token.kind === 'word' && token.value === NO_BINDING[i]);
  const noSchemaBinding = tail.length === NO_BINDING.length && matches;
  if (noSchemaBinding) tokens = tokens.slice(0, -NO_BINDING.length);
  const query = noSchemaBinding ? queryFromTokens(tokens, c.text) : boundQuery(c, tokens);
  return { kind: 'create-view', name, replace, columnNames, query, queryText: queryText(c, tokens), noSchemaBinding };
}

/** The cursor stands behind MATERIALIZED VIEW. */
export function createMaterializedView(c: Cursor): StatementBody {
  const name = c.qualified();
  let attributes = tableAttributes(c);
  let autoRefresh = false;
  if (c.accept('auto', 'refresh')) {
    autoRefresh = c.oneOf('yes', 'no') === 'yes';
    attributes = { ...attributes, ...tableAttributes(c) };
  }
  c.expect('as');
  const tokens = c.rest();
  const query = queryFromTokens(tokens, c.text);
  return { kind: 'create-materialized-view', name, attributes, autoRefresh, query, queryText: queryText(c, tokens) };
}

/** The cursor stands behind REFRESH. */
export function refreshMaterializedView(c: Cursor): StatementBody {
  c.expect('materialized', 'view');
  const name = c.qualified();
  const cascade = cascadeWord(c);
  c.expectEnd();
  return { kind: 'refresh-materialized-view', name, cascade };
}

/** The cursor stands behind ALTER MATERIALIZED VIEW. */
export function alterMaterializedView(c: Cursor): StatementBody {
  const name = c.qualified();
  if (c.accept('auto', 'refresh')) {
    const autoRefresh = c.oneOf('yes', 'no') === 'yes';
    return { kind: 'alter-materialized-view', name, autoRefresh };
  }
  if (c.atWords('row')) return rowLevelSecurity(c, name, true);
  c.expect('alter');
  const attributes = tableAttributes(c, true);
  if (Object.keys(attributes).length === 0) throw c.fail();
  return { kind: 'alter-materialized-view', name, attributes };
}
