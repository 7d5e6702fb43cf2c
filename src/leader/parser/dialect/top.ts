/**
 * `SELECT [DISTINCT] TOP n list` becomes a marker call in front of the select list, which postgres-ast.ts reads as LIMIT.
 */
import { MARK_TOP, isPunct, isWord, partners, punct, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

export const top: Rewrite = {
  triggers: ['top'],
  apply: (tokens) => {
    const partner = partners(tokens);
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      const count = tokens[i + 1];
      const starts = isWord(token, 'top') && isWord(tokens[i - 1], 'select', 'distinct', 'all');
      const parenthesised = isPunct(count, '(') && partner[i + 1] > 0;
      if (!starts || count === undefined || !(count.kind === 'number' || count.kind === 'param' || parenthesised)) {
        out.push(token);
        continue;
      }
      const last = parenthesised ? partner[i + 1] : i + 1;
      out.push(quoted(MARK_TOP, token), punct('(', token), ...tokens.slice(i + 1, last + 1), punct(')', token));
      out.push(punct(',', tokens[last]));
      i = last;
    }
    return out;
  },
};
