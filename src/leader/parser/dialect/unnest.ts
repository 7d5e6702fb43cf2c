/**
 * Unnesting in FROM, which Postgres' grammar has no room for: `t.a.b[0].c AS x` (a path longer than a table's name),
 * `... AS x AT i`, `UNPIVOT t.o AS v AT name` and `UNNEST(t.a) WITH OFFSET` become calls of marker functions with lists of
 * column names.
 */
import {
  MARK_UNNEST,
  MARK_UNNEST_OFFSET,
  MARK_UNPIVOT,
  isPunct,
  isWord,
  partners,
  punct,
  quoted,
  type Rewrite,
} from './rewrite.ts';
import type { Token } from '../lexer.ts';

const ENDS = [
  'where',
  'group',
  'having',
  'order',
  'limit',
  'offset',
  'union',
  'intersect',
  'except',
  'minus',
  'qualify',
  'on',
  'using',
  'set',
];
const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

/** End of the path that begins at `i`, and how many names and brackets it has; undefined for what is no path. */
function pathAt(
  tokens: readonly Token[],
  i: number,
  partner: Int32Array,
): { end: number; dots: number; brackets: number } | undefined {
  if (!isName(tokens[i])) return undefined;
  let end = i + 1;
  let dots = 0;
  let brackets = 0;
  for (;;) {
    if (isPunct(tokens[end], '.') && isName(tokens[end + 1])) {
      end += 2;
      dots += 1;
    } else if (isPunct(tokens[end], '[') && partner[end] > end) {
      end = partner[end] + 1;
      brackets += 1;
    } else return { end, dots, brackets };
  }
}

class Unnesting {
  readonly out: Token[] = [];
  private readonly partner: Int32Array;
  constructor(private readonly tokens: readonly Token[]) {
    this.partner = partners(tokens);
  }

  /** Tokens of one level, to `end`; a level without SELECT has no FROM clause. */
  level(from: number, end: number): void {
    let inFrom = false;
    let selects = false;
    for (let i = from; i < end;) {
      const token = this.tokens[i];
      if (isPunct(token, '(') && this.partner[i] > i) {
        this.out.push(token);
        this.level(i + 1, this.partner[i]);
        this.out.push(this.tokens[this.partner[i]]);
        i = this.partner[i] + 1;
        continue;
      }
      if (isWord(token, 'select')) selects = true;
      if (isWord(token, 'select', ...ENDS) && !isPunct(this.tokens[i - 1], '.')) inFrom = false;
      if (selects && isWord(token, 'from')) inFrom = true;
      this.out.push(token);
      i += 1;
      if (inFrom && (isPunct(token, ',') || isWord(token, 'from', 'join'))) i = this.item(i);
    }
  }

  /** An item of FROM that begins at `i`; gives the place behind what it took. */
  private item(i: number): number {
    const token = this.tokens[i];
    const over = isWord(token, 'unpivot') && isName(this.tokens[i + 1]) ? 1 : 0;
    const path = pathAt(this.tokens, i + over, this.partner);
    if (path === undefined) return i;
    if (isWord(token, 'unnest') && path.end === i + 1 && isPunct(this.tokens[i + 1], '(')) return this.unnestCall(i);
    const call = over === 1 || path.brackets > 0 || path.dots > 2;
    if (call) this.out.push(quoted(over === 1 ? MARK_UNPIVOT : MARK_UNNEST, token), punct('(', token));
    this.out.push(...this.tokens.slice(i + over, path.end));
    if (call) this.out.push(punct(')', token));
    return this.position(path.end);
  }

  /** UNNEST(...) WITH OFFSET. */
  private unnestCall(i: number): number {
    const close = this.partner[i + 1];
    if (close < 0 || !isWord(this.tokens[close + 1], 'with') || !isWord(this.tokens[close + 2], 'offset')) return i;
    this.out.push(quoted(MARK_UNNEST_OFFSET, this.tokens[i]), ...this.tokens.slice(i + 1, close + 1));
    return close + 3;
  }

  /** [AS] x AT i: the names of the item's two columns. */
  private position(i: number): number {
    const name = isWord(this.tokens[i], 'as') ? i + 1 : i;
    if (!isName(this.tokens[name]) || !isWord(this.tokens[name + 1], 'at') || !isName(this.tokens[name + 2]))
      return i;
    const at = this.tokens[name + 1];
    this.out.push(...this.tokens.slice(i, name + 1), punct('(', at), this.tokens[name], punct(',', at));
    this.out.push(this.tokens[name + 2], punct(')', at));
    return name + 3;
  }
}

export const unnest: Rewrite = {
  triggers: ['from'],
  apply: (tokens) => {
    const unnesting = new Unnesting(tokens);
    unnesting.level(0, tokens.length);
    return unnesting.out;
  },
};
