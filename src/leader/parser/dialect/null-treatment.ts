/**
 * IGNORE NULLS and RESPECT NULLS, inside the parentheses of a window function or behind them: the words go, IGNORE NULLS
 * marks the function's name. Without OVER they would say nothing and are refused.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { MARK_IGNORE_NULLS, isPunct, isWord, partners, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

export const nullTreatment: Rewrite = {
  triggers: ['ignore', 'respect'],
  apply: (tokens) => {
    const partner = partners(tokens);
    const marked = new Set<number>();
    const dropped = new Set<number>();
    for (let i = 1; i < tokens.length - 1; i += 1) {
      if (!isWord(tokens[i], 'ignore', 'respect') || !isWord(tokens[i + 1], 'nulls')) continue;
      const close = isPunct(tokens[i + 2], ')') ? i + 2 : isPunct(tokens[i - 1], ')') ? i - 1 : -1;
      const name = close < 0 ? -1 : partner[close] - 1;
      if (name < 0 || tokens[name].kind === 'punct') continue;
      const behind = close === i + 2 ? close + 1 : i + 2;
      if (!isWord(tokens[behind], 'over'))
        throw featureNotSupported('IGNORE NULLS and RESPECT NULLS are for window functions', tokens[i].start + 1);
      dropped.add(i).add(i + 1);
      if (tokens[i].value === 'ignore') marked.add(name);
    }
    if (dropped.size === 0) return tokens;
    const out: Token[] = [];
    tokens.forEach((token, i) => {
      if (marked.has(i)) out.push(quoted(MARK_IGNORE_NULLS + token.value, token));
      else if (!dropped.has(i)) out.push(token);
    });
    return out;
  },
};
