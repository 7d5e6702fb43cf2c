/**
 * Characters of SQL text: their classes, and what lies between tokens (blanks and comments). Used by the lexer and by
 * literal-scanner.ts.
 */
import { unterminated } from '../../common/errors/catalogue.ts';

export const IDENT_START = 1;
export const IDENT_PART = 2;
export const DIGIT = 4;
export const SPACE = 8;
export const OPERATOR = 16;
export const PUNCT = 32;

const CLASS = ((): Uint8Array => {
  const table = new Uint8Array(128);
  const mark = (chars: string, bits: number): void => {
    for (const c of chars) table[c.charCodeAt(0)] |= bits;
  };
  mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', IDENT_START | IDENT_PART);
  mark('0123456789', DIGIT | IDENT_PART);
  mark('$', IDENT_PART);
  mark(' \t\n\r\f\v', SPACE);
  mark('+-*/<>=~!@#%^&|`?', OPERATOR);
  mark('()[],;.:', PUNCT);
  return table;
})();

export const classAt = (text: string, i: number): number => {
  const c = text.charCodeAt(i);
  return c < 128 ? CLASS[c] : c >= 128 ? IDENT_START | IDENT_PART : 0;
};

export const near = (text: string, start: number): string => text.slice(start, start + 80);

/** Offset behind a block comment that starts at `start`; comments nest. */
function skipBlockComment(text: string, start: number): number {
  let depth = 0;
  let i = start;
  while (i < text.length) {
    if (text.startsWith('/*', i)) {
      depth += 1;
      i += 2;
    } else if (text.startsWith('*/', i)) {
      depth -= 1;
      i += 2;
      if (depth === 0) return i;
    } else {
      i += 1;
    }
  }
  throw unterminated('/* comment', near(text, start), start + 1);
}

/** Offset of the next character that is neither blank nor comment. */
export function skipBlanks(text: string, start: number): number {
  let i = start;
  for (;;) {
    while (i < text.length && classAt(text, i) === SPACE) i += 1;
    if (text.startsWith('--', i)) {
      while (i < text.length && text[i] !== '\n' && text[i] !== '\r') i += 1;
    } else if (text.startsWith('/*', i)) {
      i = skipBlockComment(text, i);
    } else {
      return i;
    }
  }
}
