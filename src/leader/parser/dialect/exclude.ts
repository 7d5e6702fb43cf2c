/**
 * `* EXCLUDE a, b` and `* EXCLUDE (a, b)` become a marker call behind the star.
 */
import { MARK_EXCLUDE, isOp, isPunct, isWord, partners, punct, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

/** Index behind the plain name list that starts at `from`. */
function nameListEnd(tokens: readonly Token[], from: number): number {
  let i = from;
  while (tokens[i] !== undefined && (tokens[i].kind === 'word' || tokens[i].kind === 'quoted')) {
    i += 1;
    if (!isPunct(tokens[i], ',')) break;
    i += 1;
  }
  return i;
}

export const exclude: Rewrite = {
  triggers: ['exclude'],
  apply: (tokens) => {
    const partner = partners(tokens);
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      if (!isWord(token, 'exclude') || !isOp(tokens[i - 1], '*') || tokens[i + 1] === undefined) {
        out.push(token);
        continue;
      }
      const inParentheses = isPunct(tokens[i + 1], '(') && partner[i + 1] > 0;
      const end = inParentheses ? partner[i + 1] : nameListEnd(tokens, i + 1);
      out.push(punct(',', token), quoted(MARK_EXCLUDE, token), punct('(', token));
      out.push(...tokens.slice(inParentheses ? i + 2 : i + 1, end), punct(')', token));
      i = inParentheses ? end : end - 1;
    }
    return out;
  },
};
