/**
 * Redshift syntax that has no place in our AST yet, refused with 0A000 and its name instead of a puzzling syntax error.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { isPunct, isWord, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

/** Name of the refused feature that starts at `i`, if any. */
function featureAt(tokens: readonly Token[], i: number): string | undefined {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (isPunct(tokens[i - 1], '.')) return undefined;
  if (token.kind !== 'word') return undefined;
  switch (token.value) {
    case 'at': {
      const position = next?.kind === 'word' && !isWord(next, 'time', 'from') && tokens[i - 1]?.kind === 'word';
      return position && !isWord(tokens[i - 1], 'select', 'as', 'from') ? 'AT in FROM' : undefined;
    }
    case 'with':
      return isWord(next, 'offset') ? 'UNNEST WITH OFFSET' : undefined;
    case 'x':
    case 'b':
      return next?.kind === 'string' && next.start === token.end ? 'bit string literal' : undefined;
    default:
      return undefined;
  }
}

export const refused: Rewrite = {
  triggers: [],
  apply: (tokens) => {
    for (let i = 0; i < tokens.length; i += 1) {
      const feature = featureAt(tokens, i);
      if (feature !== undefined) throw featureNotSupported(`${feature} is not supported`, tokens[i].start + 1);
    }
    return tokens;
  },
};
