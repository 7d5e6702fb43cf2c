/**
 * `CONVERT(type, expression)` becomes `CAST(expression AS type)`.
 */
import { isPunct, isWord, partners, word, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

export const convert: Rewrite = {
  triggers: ['convert'],
  apply: (tokens) => {
    const partner = partners(tokens);
    const out: Token[] = [];
    /** Types to print before the closing parenthesis at the index. */
    const pending = new Map<number, readonly Token[]>();
    for (let i = 0; i < tokens.length; i += 1) {
      const type = pending.get(i);
      // An expression that is not there is missed at the parenthesis.
      if (type !== undefined) out.push(word('as', tokens[i]), ...type);
      const close = isWord(tokens[i], 'convert') && isPunct(tokens[i + 1], '(') ? partner[i + 1] : -1;
      let comma = i + 2;
      while (comma < close && !isPunct(tokens[comma], ','))
        comma = partner[comma] > comma ? partner[comma] + 1 : comma + 1;
      if (close < 0 || comma >= close || comma === i + 2) {
        out.push(tokens[i]);
        continue;
      }
      pending.set(close, tokens.slice(i + 2, comma));
      out.push(word('cast', tokens[i]), tokens[i + 1]);
      i = comma;
    }
    return out;
  },
};
