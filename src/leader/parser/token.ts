/**
 * A token of SQL text. Everything in the parser behind the lexer works on these only.
 */
import type { LiteralList } from './literal-list.ts';

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'param' | 'op' | 'punct' | 'end' | 'literals';

export interface Token {
  readonly kind: TokenKind;
  /** word and quoted: folded and cut name; string: decoded content; param: digits; others as written. */
  readonly value: string;
  /** 0-based character offsets into the whole text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** literals: a long list of literals in parentheses, or rows of VALUES, as one token (literal-lifter.ts). */
  readonly literals?: LiteralList;
}

/** The token as a syntax error shows it. */
export const shownToken = (text: string, token: Token): string =>
  token.kind === 'literals' ? '(' : text.slice(token.start, token.end);
