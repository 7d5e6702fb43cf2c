/**
 * BINARY VARYING is written VARBYTE for Postgres' grammar, which takes BINARY for a name's own word only.
 */
import { isWord, word, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

export const binaryVarying: Rewrite = {
  triggers: ['varying'],
  apply: (tokens) => {
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const isType = isWord(tokens[i], 'binary') && isWord(tokens[i + 1], 'varying');
      out.push(isType ? word('varbyte', tokens[i]) : tokens[i]);
      if (isType) i += 1;
    }
    return out;
  },
};
