/**
 * From tokens of a query, of UPDATE or DELETE, or of expressions to our AST by way of libpg-query: depth guard, rewrites,
 * printing, parsing, conversion; positions and errors lead back to the user's text. The rest of the parser (statements/)
 * calls these three functions and knows nothing of libpg-query.
 */
import {
  grammarError,
  statementTooComplex,
  syntaxErrorAt,
  syntaxErrorEnd,
  undefinedTargetColumn,
  windowingError,
} from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { Expr, Query, StatementBody } from './ast.ts';
import { checkDepth } from './depth.ts';
import { toPostgres } from './dialect/index.ts';
import { foldedName, writtenName } from './dialect/rewrite.ts';
import { emit, type Emitted } from './emit.ts';
import { shownToken, type Token } from './token.ts';
import { parsePostgres, type PgNode, type PgSyntaxError } from './libpg.ts';
import { convertExpr } from './postgres-expr.ts';
import { convertFrom, tableName } from './postgres-from.ts';
import { child, list, refuse, text as textOf, unwrap, type PgContext } from './postgres-node.ts';
import { convertQuery, ctesOf } from './postgres-query.ts';

function mapError(error: PgSyntaxError, emitted: Emitted, tokens: readonly Token[], text: string): SqlError {
  const last = tokens[tokens.length - 1];
  if (/memory exhausted|stack depth/.test(error.message))
    return statementTooComplex('stack depth limit exceeded', tokens[0].start + 1);
  const token = error.message.endsWith('at end of input')
    ? undefined
    : emitted.tokenAtCodePoint(Math.max(error.cursor, 0));
  const position = (token?.start ?? last.end) + 1;
  if (error.message.startsWith('frame ')) return windowingError(error.message, position);
  if (!error.message.startsWith('syntax error')) return grammarError(error.message, position);
  return token === undefined ? syntaxErrorEnd(position) : syntaxErrorAt(shownToken(text, token), position);
}

interface Parsed {
  readonly ctx: PgContext;
  /** The one statement of the tree, wrapped. */
  readonly statement: PgNode;
  readonly pos: number;
}

/** What is wrong with these tokens as a query. */
function errorIn(tokens: readonly Token[], text: string): SqlError | undefined {
  try {
    parse(tokens, text);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

/**
 * A rewrite, or the grammar behind it, may miss what is wrong further in front: of an error the first counts. A word at the
 * end that begins a clause may be wrong only because the clause is cut off.
 */
function firstError(error: unknown, tokens: readonly Token[], text: string): unknown {
  if (!(error instanceof SqlError) || error.position === undefined || !REFUSALS.has(error.sqlstate)) return error;
  const { position } = error;
  const before = tokens.filter((token) => token.start + 1 < position);
  if (before.length === 0 || before.length === tokens.length) return error;
  const found = errorIn(before, text);
  const index = before.findIndex((token) => token.start + 1 === found?.position);
  if (found?.sqlstate !== '42601' || index < 0 || found.message.endsWith('at end of input')) return error;
  const isLast = index === before.length - 1;
  if (isLast) return CUT_WORDS.has(before[index].value) ? error : found;
  return errorIn(before.slice(0, index + 1), text) === undefined ? error : found;
}
const CUT_WORDS: ReadonlySet<string> = new Set(
  'interval timestamp exclude top nulls not prior connect partition ignore respect unnest pivot unpivot approximate'.split(
    ' ',
  ),
);
const REFUSALS: ReadonlySet<string> = new Set(['42601', '0A000']);

function parse(tokens: readonly Token[], text: string): Parsed {
  checkDepth(tokens);
  let rewritten: readonly Token[];
  try {
    rewritten = toPostgres(tokens, text);
  } catch (thrown) {
    throw firstError(thrown, tokens, text);
  }
  const emitted = emit(rewritten);
  const result = parsePostgres(emitted.text);
  if ('error' in result) throw firstError(mapError(result.error, emitted, rewritten, text), tokens, text);
  const start = tokens[0].start;
  const ctx: PgContext = {
    pos: (location, fallback) => {
      if (location === -1) return fallback ?? start;
      return emitted.tokenAtByte(typeof location === 'number' ? location : 0)?.start ?? fallback ?? start;
    },
    saysMax: (location) => {
      const token = emitted.tokenAtByte(typeof location === 'number' ? location : 0);
      return token !== undefined && text.slice(token.start, token.end).toLowerCase() === 'max';
    },
    name: (name) => foldedName(emitted.restore(name)),
    written: (name) => writtenName(emitted.restore(name)),
    literals: emitted.literals,
    query: (select) => convertQuery(ctx, select, start),
    into: {},
  };
  return { ctx, statement: child(list(result.tree, 'stmts')[0] ?? {}, 'stmt') ?? {}, pos: start };
}

/** A query (SELECT, WITH .. SELECT, parenthesised); anything else is a syntax error. */
export function queryFromTokens(tokens: readonly Token[], text: string): Query {
  const first = tokens[0];
  if (first === undefined) throw syntaxErrorEnd(text.length + 1);
  const starts = first.kind === 'word' ? ['select', 'with'].includes(first.value) : first.value === '(';
  if (!starts) throw syntaxErrorAt(shownToken(text, first), first.start + 1);
  const { ctx, statement } = parse(tokens, text);
  const [type, select] = unwrap(statement);
  if (type !== 'SelectStmt') throw syntaxErrorAt(shownToken(text, first), first.start + 1);
  return ctx.query(select);
}

const QUERY_WORDS: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table']);

const parenthesis = (value: '(' | ')', at: number): Token => ({ kind: 'punct', value, start: at, end: at });

/** One expression for each token list; all of them in one call of the grammar. In parentheses none of them takes a label. */
export function expressionsFromTokens(lists: readonly (readonly Token[])[], text: string): Expr[] {
  const tokens: Token[] = [];
  for (const [i, item] of lists.entries()) {
    const first = item[0];
    if (first === undefined) throw syntaxErrorEnd(text.length + 1);
    // In the parentheses of the list a query would be a subquery.
    if (first.kind === 'word' && QUERY_WORDS.has(first.value)) {
      if (i > 0) expressionsFromTokens(lists.slice(0, i), text);
      throw syntaxErrorAt(shownToken(text, first), first.start + 1);
    }
    const value = tokens.length === 0 ? 'select' : ',';
    tokens.push({ kind: tokens.length === 0 ? 'word' : 'punct', value, start: first.start, end: first.start });
    tokens.push(parenthesis('(', first.start), ...item, parenthesis(')', item[item.length - 1].end));
  }
  const { ctx, statement, pos } = parsedList(tokens, text);
  const [, select] = unwrap(statement);
  const targets = list(select, 'targetList').map((node) => unwrap(node)[1]);
  const extra = Object.keys(select).some((key) => !['targetList', 'limitOption', 'op'].includes(key));
  if (extra || targets.length !== lists.length) {
    const token = lists[0][0];
    throw syntaxErrorAt(shownToken(text, token), token.start + 1);
  }
  return targets.map((target) => convertExpr(ctx, child(target, 'val') ?? {}, pos));
}

/** What is wrong at a parenthesis that nobody wrote ends too early. */
function parsedList(tokens: readonly Token[], text: string): Parsed {
  try {
    return parse(tokens, text);
  } catch (thrown) {
    if (thrown instanceof SqlError && thrown.message.endsWith('at or near ""'))
      throw syntaxErrorEnd(thrown.position!);
    throw thrown;
  }
}

function aliasOf(ctx: PgContext, relation: PgNode): { readonly alias?: string } {
  const alias = child(relation, 'alias');
  return alias === undefined ? {} : { alias: ctx.name(textOf(alias, 'aliasname')) };
}

function update(ctx: PgContext, node: PgNode, pos: number): StatementBody {
  const relation = child(node, 'relation') ?? {};
  const table = tableName(ctx, relation, pos);
  const where = child(node, 'whereClause');
  const set = list(node, 'targetList').map((item) => {
    const target = unwrap(item)[1];
    const at = ctx.pos(target.location, pos);
    const [type, value] = unwrap(child(target, 'val'));
    const column = ctx.name(textOf(target, 'name'));
    if (type === 'MultiAssignRef') throw refuse('SET (columns) = (values)', at);
    if (target.indirection !== undefined) throw undefinedTargetColumn(column, table.name, at + 1);
    return {
      column,
      value:
        type === 'SetToDefault'
          ? { kind: 'default' as const, pos: ctx.pos(value.location, at) }
          : convertExpr(ctx, child(target, 'val') ?? {}, at),
      pos: at,
    };
  });
  return {
    kind: 'update',
    table,
    ...aliasOf(ctx, relation),
    ctes: ctesOf(ctx, node, pos).ctes,
    set,
    from: list(node, 'fromClause').map((item) => convertFrom(ctx, item, pos)),
    ...(where === undefined ? {} : { where: convertExpr(ctx, where, pos) }),
  };
}

function remove(ctx: PgContext, node: PgNode, pos: number): StatementBody {
  const relation = child(node, 'relation') ?? {};
  const where = child(node, 'whereClause');
  return {
    kind: 'delete',
    table: tableName(ctx, relation, pos),
    ...aliasOf(ctx, relation),
    ctes: ctesOf(ctx, node, pos).ctes,
    using: list(node, 'usingClause').map((item) => convertFrom(ctx, item, pos)),
    ...(where === undefined ? {} : { where: convertExpr(ctx, where, pos) }),
  };
}

/** Of set operations the leftmost query. */
function firstSelect(select: PgNode): PgNode {
  const left = child(select, 'larg');
  return left === undefined ? select : firstSelect(left);
}

/** SELECT, UPDATE or DELETE, with or without WITH. */
export function queryStatement(tokens: readonly Token[], text: string): StatementBody {
  const { ctx, statement, pos } = parse(tokens, text);
  const [type, node] = unwrap(statement);
  if (node.returningClause !== undefined || node.returningList !== undefined)
    throw syntaxErrorAt('returning', pos + 1);
  if (type === 'UpdateStmt') return update(ctx, node, pos);
  if (type === 'DeleteStmt') return remove(ctx, node, pos);
  if (type !== 'SelectStmt') throw syntaxErrorAt(shownToken(text, tokens[0]), pos + 1);
  ctx.into.select = firstSelect(node);
  return { kind: 'query', query: ctx.query(node) };
}
