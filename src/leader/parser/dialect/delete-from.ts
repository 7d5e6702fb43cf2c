/**
 * `DELETE t` without FROM gets it.
 */
import { isWord, word, type Rewrite } from './rewrite.ts';

export const deleteFrom: Rewrite = {
  triggers: ['delete'],
  apply: (tokens) => {
    const at = tokens.findIndex((token) => isWord(token, 'delete'));
    if (at < 0 || tokens[at + 1] === undefined || isWord(tokens[at + 1], 'from')) return tokens;
    return [...tokens.slice(0, at + 1), word('from', tokens[at]), ...tokens.slice(at + 1)];
  },
};
