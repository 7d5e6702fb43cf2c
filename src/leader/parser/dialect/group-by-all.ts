/**
 * GROUP BY ALL: the word becomes a marker name, the only item of the clause.
 */
import { MARK_GROUP_BY_ALL, isPunct, isWord, quoted, type Rewrite } from './rewrite.ts';

const FOLLOWERS = ['having', 'order', 'limit', 'offset', 'union', 'except', 'intersect', 'minus', 'qualify'];

export const groupByAll: Rewrite = {
  triggers: ['all'],
  apply: (tokens) =>
    tokens.map((token, i) => {
      if (!isWord(token, 'all') || !isWord(tokens[i - 1], 'by') || !isWord(tokens[i - 2], 'group')) return token;
      const next = tokens[i + 1];
      const ends = next === undefined || isPunct(next, ')') || isPunct(next, ';') || isWord(next, ...FOLLOWERS);
      return ends ? quoted(MARK_GROUP_BY_ALL, token) : token;
    }),
};
