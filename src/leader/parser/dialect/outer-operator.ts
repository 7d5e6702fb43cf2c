/**
 * `t.a(+)`: the column goes into a marker call.
 */
import { MARK_OUTER, isOp, isPunct, punct, quoted, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

/** Index where the name that ends before `end` begins; `end` when there is none. */
function nameStart(tokens: readonly Token[], end: number): number {
  if (!isName(tokens[end - 1])) return end;
  let i = end - 1;
  while (isPunct(tokens[i - 1], '.') && isName(tokens[i - 2])) i -= 2;
  return i;
}

export const outerOperator: Rewrite = {
  triggers: [],
  apply: (tokens) => {
    const isOperator = (i: number): boolean =>
      isPunct(tokens[i], '(') && isOp(tokens[i + 1], '+') && isPunct(tokens[i + 2], ')');
    if (!tokens.some((_, i) => isOperator(i))) return tokens;
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const start = isOperator(i) ? nameStart(out, out.length) : out.length;
      if (start === out.length) {
        out.push(tokens[i]);
        continue;
      }
      const name = out.splice(start);
      out.push(quoted(MARK_OUTER, name[0]), punct('(', name[0]), ...name, punct(')', tokens[i + 2]));
      i += 2;
    }
    return out;
  },
};
