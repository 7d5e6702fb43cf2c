/**
 * VARCHAR(MAX) and its like: the length becomes the number it stands for.
 */
import { isPunct, isWord, type Rewrite } from './rewrite.ts';
import { MAX_LENGTH } from '../type-names.ts';

export const maxLength: Rewrite = {
  triggers: ['max'],
  apply: (tokens) =>
    tokens.map((token, i) => {
      const typed = isWord(tokens[i - 2], 'varchar', 'nvarchar', 'varying') && isPunct(tokens[i - 1], '(');
      if (!isWord(token, 'max') || !typed || !isPunct(tokens[i + 1], ')')) return token;
      return { kind: 'number', value: String(MAX_LENGTH), start: token.start, end: token.end };
    }),
};
