/**
 * `TRY_CAST(expression AS type)` becomes a CAST of a marker call of the expression.
 */
import { MARK_TRY_CAST, isPunct, isWord, partners, punct, quoted, word, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

/** Index of the AS of a call that opens at `open`; -1 where the call is none of an expression, which the grammar refuses. */
function typeAt(tokens: readonly Token[], partner: Int32Array, open: number): number {
  if (isWord(tokens[open + 1], 'select', 'with', 'values')) return -1;
  for (let i = open + 1; i < partner[open]; i = partner[i] > i ? partner[i] + 1 : i + 1) {
    if (isPunct(tokens[i], ',')) return -1;
    if (isWord(tokens[i], 'as')) return i === open + 1 ? -1 : i;
  }
  return -1;
}

export const tryCast: Rewrite = {
  triggers: ['try_cast'],
  apply: (tokens) => {
    const partner = partners(tokens);
    const out: Token[] = [];
    /** Where marker calls end. */
    const ends = new Set<number>();
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      if (ends.has(i)) out.push(punct(')', token), punct(')', token));
      const isCall = isWord(token, 'try_cast') && isPunct(tokens[i + 1], '(') && !isPunct(tokens[i - 1], '.');
      if (!isCall || partner[i + 1] < 0) {
        out.push(token);
        continue;
      }
      out.push(word('cast', token), tokens[i + 1]);
      const end = typeAt(tokens, partner, i + 1);
      if (end >= 0) {
        ends.add(end);
        out.push(quoted(MARK_TRY_CAST, token), punct('(', token), punct('(', token));
      }
      i += 1;
    }
    return out;
  },
};
