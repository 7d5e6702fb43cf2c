/**
 * OBJECT_TRANSFORM(value KEEP path, ... SET path, value, ...): the words become arguments of their own, marked texts, which
 * the analyser takes apart.
 */
import { KEEP_ARGUMENT, SET_ARGUMENT } from '../ast.ts';
import { isPunct, isWord, partners, punct, string, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

export const objectTransform: Rewrite = {
  triggers: ['object_transform'],
  apply: (tokens) => {
    const partner = partners(tokens);
    /** Words that begin a clause of a call, and which. */
    const clauses = new Map<number, string>();
    for (let i = 0; i + 1 < tokens.length; i += 1) {
      if (!isWord(tokens[i], 'object_transform') || !isPunct(tokens[i + 1], '(')) continue;
      const end = partner[i + 1];
      for (let k = i + 2; k < end; k += 1) {
        if (partner[k] > k) k = partner[k];
        else if (isPunct(tokens[k - 1], ',') || isPunct(tokens[k - 1], '.') || k === i + 2) continue;
        else if (isWord(tokens[k], 'keep') && tokens[k + 1]?.kind === 'string') clauses.set(k, KEEP_ARGUMENT);
        else if (isWord(tokens[k], 'set') && tokens[k + 1]?.kind === 'string') clauses.set(k, SET_ARGUMENT);
      }
    }
    if (clauses.size === 0) return tokens;
    return tokens.flatMap((token, i): readonly Token[] => {
      const clause = clauses.get(i);
      return clause === undefined ? [token] : [punct(',', token), string(clause, token), punct(',', token)];
    });
  },
};
