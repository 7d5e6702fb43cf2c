/**
 * Statement boundaries of a multi-statement string: splits a token list at top-level semicolons and drops empty
 * statements. Semicolons inside strings and dollar quotes never get here: the lexer has swallowed them.
 */
import type { Token } from './lexer.ts';

/** Token lists of the single statements, without their semicolons. */
export function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [];
  let from = 0;
  for (let i = 0; i <= tokens.length; i += 1) {
    const atEnd = i === tokens.length || (tokens[i].kind === 'punct' && tokens[i].value === ';');
    if (!atEnd) continue;
    if (i > from) statements.push(tokens.slice(from, i));
    from = i + 1;
  }
  return statements;
}
