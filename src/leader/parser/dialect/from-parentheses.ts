/**
 * A table in parentheses in FROM, `FROM (t)` and `FROM a, (s.b AS x)`: Postgres' grammar has parentheses around joins and
 * queries only, so they go.
 */
import { isPunct, isWord, partners, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

/** Words that end FROM. */
const FOLLOWERS = [
  ...['where', 'group', 'having', 'qualify', 'order', 'limit', 'offset', 'start', 'connect'],
  ...['union', 'intersect', 'except', 'minus', 'select'],
];
const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

/** Whether a table's name, perhaps with an alias, is all that stands from `from` up to `end`. */
function isTable(tokens: readonly Token[], from: number, end: number): boolean {
  if (!isName(tokens[from]) || isWord(tokens[from], 'select', 'with', 'unpivot', 'values')) return false;
  let i = from + 1;
  while (isPunct(tokens[i], '.') && isName(tokens[i + 1])) i += 2;
  if (isWord(tokens[i], 'as')) i += 1;
  if (i < end && isName(tokens[i])) i += 1;
  return i === end;
}

/** Without the outermost such parentheses; the same list where there are none. */
function opened(tokens: readonly Token[]): readonly Token[] {
  const partner = partners(tokens);
  const dropped = new Set<number>();
  // What each open parenthesis holds: a query that has a SELECT, and whether tables are being read.
  const levels = [{ isQuery: false, inFrom: false }];
  tokens.forEach((token, i) => {
    const level = levels[levels.length - 1];
    const before = tokens[i - 1];
    if (isPunct(token, '(')) {
      const opens = level.inFrom && (isWord(before, 'from', 'join') || isPunct(before, ',') || isPunct(before, '('));
      if (opens && partner[i] > 0 && isTable(tokens, i + 1, partner[i])) dropped.add(i).add(partner[i]);
      levels.push({ isQuery: false, inFrom: opens });
    } else if (isPunct(token, ')')) {
      if (levels.length > 1) levels.pop();
    } else if (isWord(token, 'from')) level.inFrom = level.isQuery && !isWord(before, 'distinct');
    else if (isWord(token, ...FOLLOWERS) && !isPunct(before, '.')) {
      level.inFrom = false;
      if (isWord(token, 'select')) level.isQuery = true;
    }
  });
  return dropped.size === 0 ? tokens : tokens.filter((_, i) => !dropped.has(i));
}

export const fromParentheses: Rewrite = {
  triggers: ['from'],
  apply: (tokens) => {
    let out = opened(tokens);
    for (let before = tokens; out !== before;) {
      before = out;
      out = opened(before);
    }
    return out;
  },
};
