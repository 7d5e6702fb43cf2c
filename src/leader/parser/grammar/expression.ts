/**
 * Expressions and queries inside a command. An expression's tokens are cut out of the statement, so that an expression that ends too early is wrong
 * at the token behind it, not at the end of the text.
 */
import { SqlError } from '../../../common/errors/sql-error.ts';
import type { Expr, Query } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { expressionsFromTokens, queryFromTokens } from '../postgres-ast.ts';
import type { Token } from '../token.ts';

/** What ends too early is wrong at the token behind it. */
function behindItsTokens(c: Cursor, thrown: unknown): unknown {
  if (!(thrown instanceof SqlError) || !thrown.message.endsWith('at end of input')) return thrown;
  const next = c.tokens.find((token) => token.start + 1 >= (thrown.position ?? 0));
  return next === undefined ? thrown : c.fail(next);
}

/** A query whose tokens were cut out of the statement. */
export function queryFrom(c: Cursor, tokens: readonly Token[]): Query {
  try {
    return queryFromTokens(tokens, c.text);
  } catch (thrown) {
    throw behindItsTokens(c, thrown);
  }
}

/** Several expressions in one call of the grammar. */
export function expressionsFrom(c: Cursor, lists: readonly (readonly Token[])[]): Expr[] {
  try {
    return expressionsFromTokens(lists, c.text);
  } catch (thrown) {
    throw behindItsTokens(c, thrown);
  }
}

export const expressionFrom = (c: Cursor, tokens: readonly Token[]): Expr => expressionsFrom(c, [tokens])[0];

/** Tokens up to a stop word outside parentheses and CASE, a comma, the parenthesis that closes or the end. */
export function takeOperand(c: Cursor, stops: readonly string[]): Token[] {
  let cases = 0;
  return c.takeUntil((token) => {
    if (token.kind !== 'word') return false;
    if (token.value === 'case') cases += 1;
    else if (token.value === 'end' && cases > 0) cases -= 1;
    return cases === 0 && stops.includes(token.value);
  });
}

/** Tokens to the end or to the parenthesis that closes the one before them. */
export function takeQuery(c: Cursor): readonly Token[] {
  let depth = 0;
  const from = c.index;
  for (; !c.done; c.index += 1) {
    if (c.at('(')) depth += 1;
    if (c.at(')') && (depth -= 1) < 0) break;
  }
  return c.tokens.slice(from, c.index);
}
