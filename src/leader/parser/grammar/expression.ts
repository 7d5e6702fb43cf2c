/**
 * Expressions and queries inside a command. An expression's tokens are cut out of the statement, so that an expression that ends too early is wrong
 * at the token behind it, not at the end of the text.
 */
import { SqlError } from '../../../common/errors/sql-error.ts';
import type { Expr } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { expressionsFromTokens } from '../postgres-ast.ts';
import type { Token } from '../token.ts';

/** Several expressions in one call of the grammar; `c` stands behind the last of them. */
export function expressionsFrom(c: Cursor, lists: readonly (readonly Token[])[]): Expr[] {
  try {
    return expressionsFromTokens(lists, c.text);
  } catch (thrown) {
    if (thrown instanceof SqlError && thrown.message.endsWith('at end of input')) throw c.fail();
    throw thrown;
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
