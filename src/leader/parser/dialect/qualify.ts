/**
 * `... QUALIFY condition` moves, as a marker call, in front of the select list of its SELECT. Innermost queries go first. Right behind
 * an item of FROM without an alias the word is its alias, as in Redshift.
 */
import { statementTooComplex, syntaxErrorAt } from '../../../common/errors/catalogue.ts';
import { MARK_QUALIFY, isPunct, isWord, partners, punct, quoted, type Rewrite } from './rewrite.ts';
import { shownToken, type Token } from '../token.ts';

const QUALIFY_MAX = 200;
const FOLLOWERS = ['order', 'limit', 'offset', 'union', 'except', 'intersect', 'minus'];
/** A QUALIFY followed by one of these is somebody's alias. */
const NOT_A_CONDITION = [
  'where',
  'group',
  'having',
  'order',
  'limit',
  'offset',
  'union',
  'except',
  'intersect',
  'minus',
  'join',
  'inner',
  'left',
  'right',
  'full',
  'cross',
  'natural',
  'on',
  'using',
  'as',
  'from',
];

function isClause(tokens: readonly Token[], i: number): boolean {
  if (!isWord(tokens[i], 'qualify') || isPunct(tokens[i - 1], '.') || isWord(tokens[i - 1], 'as', 'select'))
    return false;
  const next = tokens[i + 1];
  if (next === undefined) return false;
  if (next.kind === 'punct') return next.value === '(';
  return next.kind !== 'op' && !isWord(next, ...NOT_A_CONDITION);
}

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
  let i = at + 1;
  while (i < tokens.length && !isPunct(tokens[i], ')') && !isWord(tokens[i], ...FOLLOWERS)) {
    i = partner[i] > i ? partner[i] + 1 : i + 1;
  }
  return i;
}

const CLAUSE_STARTS = ['from', 'join', 'where', 'on', 'using', 'by', 'having', 'select'];
/** Whether the word stands behind an item of FROM that has no alias: there it is one. */
function isAlias(tokens: readonly Token[], partner: Int32Array, at: number): boolean {
  let first = at - 1;
  if (isPunct(tokens[first], ')')) first = partner[first];
  else while (isPunct(tokens[first - 1], '.')) first -= 2;
  const before = tokens[first - 1];
  if (isWord(before, 'from', 'join')) return true;
  if (!isPunct(before, ',')) return false;
  let i = first - 1;
  while (i >= 0 && !isPunct(tokens[i], '(') && !isWord(tokens[i], ...CLAUSE_STARTS))
    i = partner[i] >= 0 && partner[i] < i ? partner[i] - 1 : i - 1;
  return isWord(tokens[i], 'from', 'join');
}

function moveOne(tokens: readonly Token[], at: number): readonly Token[] | undefined {
  const partner = partners(tokens);
  const owner = ownerOf(tokens, partner, at);
  if (owner < 0) return undefined;
  const end = endOf(tokens, partner, at);
  const list = isWord(tokens[owner + 1], 'distinct', 'all') ? owner + 2 : owner + 1;
  const here = tokens[at];
  return [
    ...tokens.slice(0, list),
    quoted(MARK_QUALIFY, here),
    punct('(', here),
    ...tokens.slice(at + 1, end),
    punct(')', here),
    punct(',', here),
    ...tokens.slice(list, at),
    ...tokens.slice(end),
  ];
}

export const qualify: Rewrite = {
  triggers: ['qualify'],
  apply: (input, text) => {
    let tokens = input;
    let rewritten = 0;
    for (let i = tokens.length - 1; i >= 0; i -= 1) {
      if (!isClause(tokens, i)) continue;
      if (isAlias(tokens, partners(tokens), i))
        throw syntaxErrorAt(shownToken(text, tokens[i + 1]), tokens[i + 1].start + 1);
      const moved = moveOne(tokens, i);
      if (moved === undefined) continue;
      rewritten += 1;
      if (rewritten > QUALIFY_MAX) throw statementTooComplex('too many QUALIFY clauses', tokens[i].start + 1);
      tokens = moved;
      i = Math.min(i + 4, tokens.length);
    }
    return tokens;
  },
};
