/**
 * Redshift syntax that has no place in our AST yet, refused with 0A000 and its name instead of a puzzling syntax error.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { isOp, isPunct, isWord, type Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

/** Name of the refused feature that starts at `i`, if any. */
function featureAt(tokens: readonly Token[], i: number): string | undefined {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (isPunct(tokens[i - 1], '.')) return undefined;
  if (isPunct(token, '('))
    return isOp(next, '+') && isPunct(tokens[i + 2], ')') ? 'outer join operator (+)' : undefined;
  if (token.kind !== 'word') return undefined;
  switch (token.value) {
    case 'pivot':
    case 'unpivot': {
      const named = next?.kind === 'word' || next?.kind === 'quoted';
      const operand = token.value === 'unpivot' && named && !isWord(tokens[i - 1], 'as', 'select');
      const table = isPunct(next, '(') && i > 1 && !isPunct(tokens[i - 1], ',');
      return operand || table ? token.value.toUpperCase() : undefined;
    }
    case 'at': {
      const position = next?.kind === 'word' && !isWord(next, 'time', 'from') && tokens[i - 1]?.kind === 'word';
      return position && !isWord(tokens[i - 1], 'select', 'as', 'from') ? 'AT in FROM' : undefined;
    }
    case 'with':
      return isWord(next, 'offset') ? 'UNNEST WITH OFFSET' : undefined;
    case 'connect':
      return isWord(next, 'by') ? 'CONNECT BY' : undefined;
    case 'start':
      return isWord(next, 'with') ? 'START WITH' : undefined;
    case 'try_cast':
      return isPunct(next, '(') ? 'TRY_CAST' : undefined;
    case 'all': {
      const groupBy = isWord(tokens[i - 1], 'by') && isWord(tokens[i - 2], 'group');
      const ends = next === undefined || isPunct(next, ')') || isWord(next, 'having', 'order', 'limit', 'union');
      return groupBy && ends ? 'GROUP BY ALL' : undefined;
    }
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
