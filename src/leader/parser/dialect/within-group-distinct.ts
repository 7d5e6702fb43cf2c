/**
 * `LISTAGG(DISTINCT x, ',') WITHIN GROUP (ORDER BY ..)`: Postgres refuses DISTINCT there, so it becomes a mark of the name.
 */
import { MARK_DISTINCT, isPunct, isWord, partners, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

export const withinGroupDistinct: Rewrite = {
  triggers: ['within'],
  apply: (tokens) => {
    const partner = partners(tokens);
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      const call = (token.kind === 'word' || token.kind === 'quoted') && isPunct(tokens[i + 1], '(');
      const close = call ? partner[i + 1] : -1;
      if (close > 0 && isWord(tokens[i + 2], 'distinct') && isWord(tokens[close + 1], 'within')) {
        out.push(quoted(MARK_DISTINCT + token.value, token), tokens[i + 1]);
        i += 2;
      } else {
        out.push(token);
      }
    }
    return out;
  },
};
