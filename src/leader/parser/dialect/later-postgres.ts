/**
 * Syntax that Postgres' grammar took up after Redshift had left it: 42601 at the token where Redshift's grammar stops.
 * What its grammar knows and its planner refuses is 0A000 and stands with the converters (postgres-*.ts).
 */
import { syntaxErrorAt, syntaxErrorEnd } from '../../../common/errors/catalogue.ts';
import { shownToken, type Token } from '../token.ts';
import { isPunct, isWord, type Rewrite } from './rewrite.ts';

type Rule = (at: (ahead: number) => Token | undefined) => number | undefined;

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';
const CHANGES = ['insert', 'update', 'delete', 'merge'];
const LIST_ENDS = ['from', 'where', 'group', 'having', 'order', 'limit', 'offset', 'union', 'intersect', 'except'];

const emptyList: Rule = (at) => {
  const first = isWord(at(1), 'all', 'distinct') ? 2 : 1;
  return at(first) === undefined || isPunct(at(first), ')') || isWord(at(first), ...LIST_ENDS) ? first : undefined;
};

/** FOR SHARE and its like, and what may not stand behind FOR UPDATE. */
const locking: Rule = (at) => {
  if (isWord(at(1), 'update')) return isWord(at(2), 'nowait', 'skip') ? 2 : undefined;
  const ends = at(2) === undefined || isWord(at(2), 'of', 'nowait', 'skip');
  if (isWord(at(1), 'share') && ends) return 1;
  return isWord(at(1), 'key') && isWord(at(2), 'share')
    ? 1
    : isWord(at(1), 'no') && isWord(at(2), 'key')
      ? 1
      : undefined;
};

/** By the word they start with: how many tokens behind it the wrong one stands, if this is the later syntax. */
const RULES: Readonly<Record<string, Rule>> = {
  select: emptyList,
  values: (at) => (isPunct(at(1), '(') || at(1)?.kind === 'literals' ? 0 : undefined),
  filter: (at) => (isPunct(at(-1), ')') && isPunct(at(1), '(') && isWord(at(2), 'where') ? 1 : undefined),
  as: (at) => {
    if (isWord(at(1), 'materialized') && isPunct(at(2), '(')) return 1;
    return isWord(at(1), 'not') && isWord(at(2), 'materialized') ? 1 : undefined;
  },
  for: locking,
  offset: (at) => (isWord(at(2), 'row', 'rows') ? 2 : undefined),
  current: (at) => (isWord(at(1), 'of') && isName(at(2)) ? 1 : undefined),
  by: (at) => (isWord(at(-1), 'group') && isWord(at(1), 'distinct') ? 1 : undefined),
  into: (at) => (isWord(at(1), 'unlogged') && isName(at(2)) ? 2 : undefined),
  is: (at) => {
    const word = isWord(at(1), 'not') ? 2 : 1;
    return isWord(at(word), 'json', 'document', 'normalized', 'nfc', 'nfd', 'nfkc', 'nfkd') ? word : undefined;
  },
  at: (at) => (isWord(at(1), 'local') && !isPunct(at(-1), ',') ? 1 : undefined),
  search: (at) =>
    isPunct(at(-1), ')') && isWord(at(1), 'depth', 'breadth') && isWord(at(2), 'first') ? 0 : undefined,
  cycle: (at) => (isPunct(at(-1), ')') && isName(at(1)) && isWord(at(2), 'set') ? 0 : undefined),
};

function wrongToken(tokens: readonly Token[], i: number): number | undefined {
  const token = tokens[i];
  const at = (ahead: number): Token | undefined => tokens[i + ahead];
  if (token.value === ':=' || (token.kind === 'op' && token.value === '=>')) return i;
  // A statement that changes data, in parentheses or behind WITH.
  if (isPunct(token, '(') && isWord(at(1), ...CHANGES) && (isName(at(2)) || at(2) === undefined)) return i + 1;
  if (isPunct(token, ')') && isWord(at(1), 'insert', 'merge') && isWord(at(2), 'into')) return i + 1;
  if (token.kind !== 'word' || !Object.hasOwn(RULES, token.value) || isPunct(at(-1), '.')) return undefined;
  const ahead = RULES[token.value](at);
  return ahead === undefined ? undefined : i + ahead;
}

export const laterPostgres: Rewrite = {
  triggers: [],
  apply: (tokens, text) => {
    for (let i = 0; i < tokens.length; i += 1) {
      const wrong = wrongToken(tokens, i);
      if (wrong === undefined) continue;
      const token = tokens[wrong];
      if (token === undefined) throw syntaxErrorEnd(tokens[tokens.length - 1].end + 1);
      throw syntaxErrorAt(shownToken(text, token), token.start + 1);
    }
    return tokens;
  },
};
