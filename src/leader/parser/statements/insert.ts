/**
 * INSERT. Rows of VALUES are read by our own row parser: literals directly, everything else is collected and goes through
 * the expression grammar in batches, so that an INSERT of many megabytes never reaches libpg-query as a whole.
 */
import type { Expr, StatementBody, ValueExpr, ValuesCore } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { refuseNul } from '../lexer.ts';
import type { SqlError } from '../../../common/errors/sql-error.ts';
import { expressionsFrom } from '../grammar/expression.ts';
import { queryFromTokens } from '../postgres-ast.ts';
import type { Token } from '../token.ts';

type Value = ValueExpr;

/** Expressions parsed in one call of the grammar. */
const BATCH_EXPRESSIONS = 500;

const isEnd = (token: Token | undefined): boolean =>
  token?.kind === 'punct' && (token.value === ',' || token.value === ')');

/** A literal that is the whole value, or undefined. */
function literal(c: Cursor): Value | undefined {
  const token = c.peek();
  if (token === undefined) throw c.fail();
  const { start: pos } = token;
  if (token.kind === 'op' && token.value === '-') {
    const digits = c.peek(1);
    if (digits?.kind !== 'number' || !isEnd(c.peek(2))) return undefined;
    c.index += 2;
    return { kind: 'unary', op: '-', arg: { kind: 'number', text: digits.value, pos: digits.start }, pos };
  }
  if (!isEnd(c.peek(1))) return undefined;
  const value = wholeLiteral(token, pos);
  if (value !== undefined) c.index += 1;
  return value;
}

function wholeLiteral(token: Token, pos: number): Value | undefined {
  switch (token.kind) {
    case 'string':
      refuseNul(token);
      return { kind: 'literal', form: 'string', value: token.value, pos };
    case 'number':
      return { kind: 'number', text: token.value, pos };
    case 'param':
      return { kind: 'param', index: Number(token.value), pos };
    case 'word':
      if (token.value === 'null') return { kind: 'literal', form: 'null', value: null, pos };
      if (token.value === 'true' || token.value === 'false') {
        return { kind: 'literal', form: 'bool', value: token.value === 'true', pos };
      }
      return token.value === 'default' ? { kind: 'default', pos } : undefined;
    default:
      return undefined;
  }
}

/** Values waiting for the expression grammar, with the place they belong to. */
interface Pending {
  readonly row: Value[];
  readonly index: number;
  readonly tokens: readonly Token[];
}

function flush(pending: Pending[], c: Cursor): void {
  if (pending.length === 0) return;
  const parsed: Expr[] = expressionsFrom(
    c,
    pending.map((item) => item.tokens),
  );
  pending.forEach((item, i) => {
    item.row[item.index] = parsed[i];
  });
  pending.length = 0;
}

/** An expression that waits may be wrong further in front. */
function laterThan(pending: Pending[], c: Cursor, error: SqlError): SqlError {
  flush(pending, c);
  return error;
}

function row(c: Cursor, pending: Pending[]): Value[] {
  const values: Value[] = [];
  c.expectSymbol('(');
  do {
    const value = literal(c);
    if (value !== undefined) {
      values.push(value);
      continue;
    }
    const first = c.peek();
    const tokens = c.takeUntil(() => false);
    if (tokens.length === 0) throw laterThan(pending, c, c.fail(first));
    // DEFAULT stands alone.
    if (first?.kind === 'word' && first.value === 'default')
      throw laterThan(pending, c, c.fail(tokens[1] ?? c.peek()));
    pending.push({ row: values, index: values.length, tokens });
    values.push({ kind: 'default', pos: tokens[0].start });
  } while (c.acceptSymbol(','));
  if (!c.acceptSymbol(')')) throw laterThan(pending, c, c.fail());
  return values;
}

/** One row of values in parentheses. */
export function valueRow(c: Cursor): readonly ValueExpr[] {
  const pending: Pending[] = [];
  const values = row(c, pending);
  flush(pending, c);
  return values;
}

function valueRows(c: Cursor): ValuesCore {
  const { pos } = c;
  const lifted = c.peek();
  if (lifted?.literals !== undefined) {
    c.next();
    return { kind: 'values', rows: [], literals: { kind: 'literals', list: lifted.literals, pos }, pos };
  }
  const rows: Value[][] = [];
  const pending: Pending[] = [];
  do {
    rows.push(row(c, pending));
    if (pending.length >= BATCH_EXPRESSIONS) flush(pending, c);
  } while (c.acceptSymbol(','));
  flush(pending, c);
  return { kind: 'values', rows, pos };
}

/** True when the parenthesis at the cursor opens a query rather than a column list. */
function queryFollows(c: Cursor): boolean {
  const inside = c.peek(1);
  if (inside?.kind === 'punct') return inside.value === '(';
  return inside?.kind === 'word' && (inside.value === 'select' || inside.value === 'with');
}

/** The cursor stands behind INSERT. */
export function insert(c: Cursor): StatementBody {
  c.expect('into');
  const table = c.qualified();
  const columns = c.at('(') && !queryFollows(c) ? c.nameList() : [];
  if (c.accept('default')) {
    c.expect('values');
    c.expectEnd();
    return { kind: 'insert', table, columns, source: 'default values' };
  }
  if (!c.accept('values')) {
    if (!c.atAny(['select', 'with']) && !c.at('(')) throw c.fail();
    return { kind: 'insert', table, columns, source: queryFromTokens(c.rest(), c.text) };
  }
  const body = valueRows(c);
  c.expectEnd();
  return { kind: 'insert', table, columns, source: { ctes: [], recursive: false, body, orderBy: [], pos: body.pos } };
}
