/**
 * `* EXCLUDE a, b` and `* EXCLUDE (a, b)` become a marker call behind the star.
 */
import { syntaxErrorAt, syntaxErrorEnd } from '../../../common/errors/catalogue.ts';
import { shownToken } from '../token.ts';
import { MARK_EXCLUDE, isOp, isPunct, isWord, punct, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

/** Index behind the plain name list that starts at `from`. */
function nameListEnd(tokens: readonly Token[], from: number): number {
  let i = from;
  while (isName(tokens[i])) {
    i += 1;
    if (!isPunct(tokens[i], ',')) break;
    i += 1;
  }
  return i;
}

export const exclude: Rewrite = {
  triggers: ['exclude'],
  apply: (tokens, text) => {
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      if (!isWord(token, 'exclude') || !isOp(tokens[i - 1], '*') || tokens[i + 1] === undefined) {
        out.push(token);
        continue;
      }
      const inParentheses = isPunct(tokens[i + 1], '(');
      const end = nameListEnd(tokens, inParentheses ? i + 2 : i + 1);
      if (inParentheses && (!isPunct(tokens[end], ')') || !isName(tokens[end - 1])))
        throw tokens[end] === undefined
          ? syntaxErrorEnd(tokens[tokens.length - 1].end + 1)
          : syntaxErrorAt(shownToken(text, tokens[end]), tokens[end].start + 1);
      // Names only: `a, b*2` is no list of columns.
      const behind = tokens[inParentheses ? end + 1 : end];
      if (behind?.kind === 'op' || isPunct(behind, '(') || isPunct(behind, '.') || isPunct(behind, '['))
        throw syntaxErrorAt(shownToken(text, behind), behind.start + 1);
      out.push(punct(',', token), quoted(MARK_EXCLUDE, token), punct('(', token));
      out.push(...tokens.slice(inParentheses ? i + 2 : i + 1, end), punct(')', token));
      i = inParentheses ? end : end - 1;
    }
    return out;
  },
};
