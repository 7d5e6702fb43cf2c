/**
 * MINUS between two queries is EXCEPT.
 */
import { isPunct, isWord, word, type Rewrite } from './rewrite.ts';

export const minus: Rewrite = {
  triggers: ['minus'],
  apply: (tokens) =>
    tokens.map((token, i) => {
      const before = tokens[i + 1];
      const query = isWord(before, 'select', 'all', 'with', 'distinct') || isPunct(before, '(');
      return isWord(token, 'minus') && query && !isPunct(tokens[i - 1], '.') ? word('except', token) : token;
    }),
};
