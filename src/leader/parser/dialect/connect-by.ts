/**
 * `[START WITH start] CONNECT BY condition`, in either order, moves, as a marker call of one or two arguments, in front of the
 * select list of its SELECT; PRIOR and the column, call or parentheses behind it become a marker call. Innermost queries go first.
 */
import { statementTooComplex, syntaxErrorAt } from '../../../common/errors/catalogue.ts';
import { MARK_CONNECT_BY, MARK_PRIOR, isPunct, isWord, partners, punct, quoted, type Rewrite } from './rewrite.ts';
import { shownToken, type Token } from '../token.ts';

const CLAUSES_MAX = 200;
const FOLLOWERS = ['group', 'having', 'qualify', 'order', 'limit', 'offset', 'union', 'except', 'intersect', 'minus'];

const isConnect = (tokens: readonly Token[], i: number): boolean =>
  isWord(tokens[i], 'connect') && isWord(tokens[i + 1], 'by') && !isPunct(tokens[i - 1], '.');
const isStart = (tokens: readonly Token[], i: number): boolean =>
  isWord(tokens[i], 'start') && isWord(tokens[i + 1], 'with') && !isPunct(tokens[i - 1], '.');

/** Index of the SELECT that the clause at `at` belongs to. */
function ownerOf(tokens: readonly Token[], partner: Int32Array, at: number): number {
  for (let i = at - 1; i >= 0; i -= 1) {
    if (partner[i] >= 0 && partner[i] < i) i = partner[i];
    else if (isWord(tokens[i], 'select')) return i;
    else if (isPunct(tokens[i], '(')) return -1;
  }
  return -1;
}
function endOf(tokens: readonly Token[], partner: Int32Array, at: number): number {
  let i = at + 2;
  const ends = (): boolean =>
    isPunct(tokens[i], ')') ||
    isPunct(tokens[i], ';') ||
    isWord(tokens[i], ...FOLLOWERS) ||
    isConnect(tokens, i) ||
    isStart(tokens, i);
  while (i < tokens.length && !ends()) i = partner[i] > i ? partner[i] + 1 : i + 1;
  return i;
}
/** Where the select list begins. */
function listOf(tokens: readonly Token[], partner: Int32Array, owner: number): number {
  const list = isWord(tokens[owner + 1], 'distinct', 'all') ? owner + 2 : owner + 1;
  if (!isWord(tokens[list], 'top')) return list;
  const count = tokens[list + 1];
  if (isPunct(count, '(')) return partner[list + 1] + 1;
  return count?.kind === 'number' || count?.kind === 'param' ? list + 2 : list;
}

/** The condition with each PRIOR and its operand as a call. */
function withPriors(tokens: readonly Token[], text: string): readonly Token[] {
  const partner = partners(tokens);
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (!isWord(token, 'prior') || isPunct(tokens[i - 1], '.')) {
      out.push(token);
      continue;
    }
    let end = i + 1;
    const first = tokens[end];
    if (first === undefined) throw syntaxErrorAt(shownToken(text, token), token.start + 1);
    if (first.kind === 'word' || first.kind === 'quoted') {
      end += 1;
      while (isPunct(tokens[end], '.')) end += 2;
    }
    if (isPunct(tokens[end], '(')) end = partner[end] + 1;
    if (end === i + 1) throw syntaxErrorAt(shownToken(text, first), first.start + 1);
    out.push(quoted(MARK_PRIOR, token), punct('(', token), ...tokens.slice(i + 1, end), punct(')', token));
    i = end - 1;
  }
  return out;
}

function moveOne(tokens: readonly Token[], at: number, text: string): readonly Token[] | undefined {
  const partner = partners(tokens);
  const owner = ownerOf(tokens, partner, at);
  if (owner < 0) return undefined;
  const here = tokens[at];
  const end = endOf(tokens, partner, at);
  const other = isConnect(tokens, at) ? isStart(tokens, end) : isConnect(tokens, end);
  const last = other ? endOf(tokens, partner, end) : end;
  const [connect, start] = isConnect(tokens, at) ? [at, other ? end : -1] : [other ? end : -1, at];
  if (connect < 0) throw syntaxErrorAt(shownToken(text, here), here.start + 1);
  const condition = tokens.slice(connect + 2, endOf(tokens, partner, connect));
  const first = start < 0 ? [] : tokens.slice(start + 2, endOf(tokens, partner, start));
  const behind = tokens[last];
  if (condition.length === 0 || (start >= 0 && first.length === 0))
    throw syntaxErrorAt(shownToken(text, behind ?? here), (behind ?? here).start + 1);
  const list = listOf(tokens, partner, owner);
  return [
    ...tokens.slice(0, list),
    quoted(MARK_CONNECT_BY, here),
    punct('(', here),
    ...withPriors(condition, text),
    ...(start < 0 ? [] : [punct(',', here), ...first]),
    punct(')', here),
    punct(',', here),
    ...tokens.slice(list, at),
    ...tokens.slice(last),
  ];
}

export const connectBy: Rewrite = {
  triggers: ['connect', 'start'],
  apply: (input, text) => {
    let tokens = input;
    let rewritten = 0;
    for (let i = tokens.length - 1; i >= 0; i -= 1) {
      if (!isConnect(tokens, i) && !isStart(tokens, i)) continue;
      // The earlier of the two clauses takes the other along.
      const before = tokens.slice(0, i).findLastIndex((_, k) => isConnect(tokens, k) || isStart(tokens, k));
      const partner = partners(tokens);
      if (before >= 0 && isConnect(tokens, before) !== isConnect(tokens, i) && endOf(tokens, partner, before) === i)
        continue;
      const moved = moveOne(tokens, i, text);
      if (moved === undefined) continue;
      rewritten += 1;
      if (rewritten > CLAUSES_MAX) throw statementTooComplex('too many CONNECT BY clauses', tokens[i].start + 1);
      tokens = moved;
    }
    return tokens;
  },
};
