/**
 * An expression inside a command: its tokens are cut out of the statement, so that an expression that ends too early is wrong
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
