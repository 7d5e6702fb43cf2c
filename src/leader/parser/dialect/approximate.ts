/**
 * `APPROXIMATE count(DISTINCT x)` and `APPROXIMATE percentile_disc(..)`: the word goes, the function's name gets a mark.
 */
import { MARK_APPROXIMATE, isPunct, isWord, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

export const approximate: Rewrite = {
  triggers: ['approximate'],
  apply: (tokens) => {
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const name = tokens[i + 1];
      if (isWord(tokens[i], 'approximate') && name?.kind === 'word' && isPunct(tokens[i + 2], '(')) {
        out.push(quoted(MARK_APPROXIMATE + name.value, name));
        i += 1;
      } else {
        out.push(tokens[i]);
      }
    }
    return out;
  },
};
