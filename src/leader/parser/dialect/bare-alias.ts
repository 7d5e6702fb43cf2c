/**
 * `f(x) year`: words for date parts are labels without AS in Redshift, but belong to INTERVAL in Postgres' grammar. They
 * are quoted where they can be nothing else: behind a closed expression and before a comma, FROM or the end.
 */
import { isPunct, isWord, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

const WORDS = ['year', 'month', 'day', 'hour', 'minute', 'second'];

function closesExpression(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'number' || token.kind === 'quoted') return true;
  return isPunct(token, ')') || isPunct(token, ']') || isWord(token, 'end');
}

export const bareAlias: Rewrite = {
  triggers: WORDS,
  apply: (tokens) =>
    tokens.map((token, i) => {
      const after = tokens[i + 1];
      const ends = after === undefined || isPunct(after, ',') || isPunct(after, ')') || isWord(after, 'from');
      return isWord(token, ...WORDS) && ends && closesExpression(tokens[i - 1]) ? quoted(token.value, token) : token;
    }),
};
