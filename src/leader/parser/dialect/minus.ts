/**
 * MINUS between two queries is EXCEPT.
 */
import { isPunct, isWord, word, type Rewrite } from './rewrite.ts';

export const minus: Rewrite = {
  triggers: ['minus'],
  apply: (tokens) =>
    tokens.map((token, i) => {
      const isLabel = isPunct(tokens[i - 1], '.') || isWord(tokens[i - 1], 'as');
      return isWord(token, 'minus') && !isLabel ? word('except', token) : token;
    }),
};
