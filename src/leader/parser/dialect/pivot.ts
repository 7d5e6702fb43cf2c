/**
 * `t PIVOT (agg(x) [AS a] FOR c IN (v [AS l], ...))` becomes a derived table over t whose one item is a marker call:
 * (select pivot(agg(x), 'a', c, v, 'l', ...) from t). UNPIVOT is the same with its two names. An empty text is a label
 * that was not given.
 */
import { featureNotSupported, syntaxErrorAt } from '../../../common/errors/catalogue.ts';
import {
  MARK_PIVOT,
  MARK_UNPIVOT_CLAUSE,
  isPunct,
  isWord,
  partners,
  punct,
  quoted,
  string,
  word,
  type Rewrite,
} from './rewrite.ts';
import { shownToken, type Token } from '../token.ts';

interface Labelled {
  readonly tokens: readonly Token[];
  readonly label: string;
}
interface Clause {
  readonly word: 'PIVOT' | 'UNPIVOT';
  /** Where its item of FROM begins, and the clause's own first and last token. */
  readonly item: number;
  readonly at: number;
  readonly open: number;
  readonly close: number;
}

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

function wrong(text: string, token: Token): Error {
  return syntaxErrorAt(shownToken(text, token), token.start + 1);
}

/** Index of the first token from `from` on at the level of parentheses that `test` wants; -1 before `end`. */
function find(partner: Int32Array, from: number, end: number, test: (i: number) => boolean): number {
  for (let i = from; i < end; i = partner[i] > i ? partner[i] + 1 : i + 1) if (test(i)) return i;
  return -1;
}

/** The begin of the FROM item in front of the clause. */
function itemStart(tokens: readonly Token[], partner: Int32Array, at: number): number {
  let i = at - 1;
  for (; i >= 0; i -= 1) {
    if (isPunct(tokens[i], ')') && partner[i] >= 0) i = partner[i];
    else if (isWord(tokens[i], 'from', 'using') || isPunct(tokens[i], ',') || isPunct(tokens[i], '(')) return i + 1;
    else if (isWord(tokens[i], 'join', 'on', 'pivot', 'unpivot'))
      throw featureNotSupported(
        'PIVOT and UNPIVOT of a join, PIVOT or UNPIVOT are not supported',
        tokens[at].start + 1,
      );
  }
  return i + 1;
}

function clauseAt(tokens: readonly Token[], partner: Int32Array, at: number): Clause | undefined {
  if (!isWord(tokens[at], 'pivot', 'unpivot') || isPunct(tokens[at - 1], '.') || at < 2) return undefined;
  const isUnpivot = tokens[at].value === 'unpivot';
  const nulls = isUnpivot && isWord(tokens[at + 1], 'include', 'exclude') && isWord(tokens[at + 2], 'nulls');
  const open = nulls ? at + 3 : at + 1;
  const before = tokens[at - 1];
  const behindItem = isName(before) ? !isWord(before, 'from', 'join', 'select') : isPunct(before, ')');
  if (!behindItem || !isPunct(tokens[open], '(') || partner[open] < 0) return undefined;
  const close = partner[open];
  if (find(partner, open + 1, close, (i) => isWord(tokens[i], 'for')) < 0) return undefined;
  const item = itemStart(tokens, partner, at);
  return item >= at ? undefined : { word: isUnpivot ? 'UNPIVOT' : 'PIVOT', item, at, open, close };
}

/** An item with its name: x AS name, and with `bare` also x name. */
function labelled(tokens: readonly Token[], text: string): Labelled {
  const last = tokens[tokens.length - 1];
  const before = tokens[tokens.length - 2];
  if (tokens.length > 2 && isWord(before, 'as')) {
    if (!isName(last)) throw wrong(text, last);
    return { tokens: tokens.slice(0, -2), label: last.value };
  }
  const isBare =
    tokens.length > 1 && isName(last) && !isPunct(before, '.') && (isPunct(before, ')') || before.kind !== 'op');
  return isBare ? { tokens: tokens.slice(0, -1), label: last.value } : { tokens, label: '' };
}

/** What stands between the commas of a level. */
function items(tokens: readonly Token[], partner: Int32Array, from: number, end: number): (readonly Token[])[] {
  const out: (readonly Token[])[] = [];
  for (let start = from; ;) {
    const comma = find(partner, start, end, (i) => isPunct(tokens[i], ','));
    const stop = comma < 0 ? end : comma;
    out.push(tokens.slice(start, stop));
    if (comma < 0) return out;
    start = comma + 1;
  }
}

function rewritten(tokens: readonly Token[], partner: Int32Array, c: Clause, text: string): Token[] {
  const here = tokens[c.at];
  const forAt = find(partner, c.open + 1, c.close, (i) => isWord(tokens[i], 'for'));
  const inAt = find(partner, forAt + 1, c.close, (i) => isWord(tokens[i], 'in'));
  if (inAt < 0 || !isPunct(tokens[inAt + 1], '(') || partner[inAt + 1] !== c.close - 1)
    throw wrong(text, tokens[inAt < 0 ? c.close : inAt + 1]);
  const head = items(tokens, partner, c.open + 1, forAt);
  if (head.length > 1) throw featureNotSupported(`${c.word} takes one value`, tokens[c.open + 1].start + 1);
  if (head[0].length === 0) throw wrong(text, tokens[forAt]);
  const list = items(tokens, partner, inAt + 2, c.close - 1).map((one) => {
    if (one.length === 0) throw wrong(text, tokens[c.close - 1]);
    return labelled(one, text);
  });
  const column = tokens.slice(forAt + 1, inAt);
  if (column.length === 0) throw wrong(text, tokens[inAt]);
  const args: (readonly Token[])[] = [];
  if (c.word === 'PIVOT') {
    const aggregate = labelled(head[0], text);
    args.push(aggregate.tokens, [string(aggregate.label, here)], column);
  } else {
    if (head[0].length > 1 || !isName(head[0][0])) throw wrong(text, head[0][head[0].length - 1]);
    if (column.length > 1 || !isName(column[0])) throw wrong(text, column[column.length - 1]);
    const nulls = isWord(tokens[c.at + 1], 'include') ? 'include' : 'exclude';
    args.push([string(nulls, here)], [string(head[0][0].value, here)], [string(column[0].value, here)]);
  }
  for (const one of list) args.push(one.tokens, [string(one.label, one.tokens[0])]);
  const mark = quoted(c.word === 'PIVOT' ? MARK_PIVOT : MARK_UNPIVOT_CLAUSE, here);
  const call = args.flatMap((arg, i) => (i === 0 ? arg : [punct(',', here), ...arg]));
  return [
    punct('(', here),
    word('select', here),
    mark,
    punct('(', here),
    ...call,
    punct(')', here),
    word('from', here),
    ...tokens.slice(c.item, c.at),
    punct(')', here),
  ];
}

export const pivot: Rewrite = {
  triggers: ['pivot', 'unpivot'],
  apply: (input, text) => {
    let tokens = input;
    for (let i = tokens.length - 1; i >= 0; i -= 1) {
      const partner = isWord(tokens[i], 'pivot', 'unpivot') ? partners(tokens) : undefined;
      const clause = partner && clauseAt(tokens, partner, i);
      if (!partner || !clause) continue;
      const derived = rewritten(tokens, partner, clause, text);
      tokens = [...tokens.slice(0, clause.item), ...derived, ...tokens.slice(clause.close + 1)];
      i = clause.item;
    }
    return tokens;
  },
};
