/**
 * A long list of literals as data: an IN list, or the rows of VALUES one behind the other. What is kept of a literal is its
 * kind and its place in the statement's text, nine bytes; its value is read from the text when somebody asks. The parser's
 * thread hands the arrays over whole, and whoever got them puts the text to them again. Its fields are private on purpose:
 * walkers of the AST find no members to visit or to copy.
 */
import { readString } from './lex-string.ts';

/** Kinds of literals. */
export const LITERAL_NULL = 0;
export const LITERAL_TRUE = 1;
export const LITERAL_FALSE = 2;
export const LITERAL_DEFAULT = 3;
/** Digits only. */
export const LITERAL_INTEGER = 4;
/** Digits with a point or an exponent. */
export const LITERAL_NUMBER = 5;
/** A string whose characters stand as they are. */
export const LITERAL_STRING = 6;
/** A string with escapes, doubled quotes, a prefix or several segments. */
export const LITERAL_ESCAPED = 7;
/** Added to a number's kind: a minus sign stands right before it. */
export const NEGATIVE = 8;

export interface LiteralArrays {
  readonly kinds: Uint8Array;
  /** First and last (exclusive) character of each, the minus sign and the quotes among them. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Literals of a row; 0 for a list in parentheses. */
  readonly width: number;
}

export class LiteralList {
  readonly #arrays: LiteralArrays;
  readonly #text: string;

  constructor(arrays: LiteralArrays, text: string) {
    this.#arrays = arrays;
    this.#text = text;
  }
  get arrays(): LiteralArrays {
    return this.#arrays;
  }
  get length(): number {
    return this.#arrays.kinds.length;
  }
  /** Literals of a row of VALUES. */
  get width(): number {
    return this.#arrays.width;
  }
  kind(i: number): number {
    return this.#arrays.kinds[i] & ~NEGATIVE;
  }
  isNegative(i: number): boolean {
    return (this.#arrays.kinds[i] & NEGATIVE) !== 0;
  }
  /** 0-based offset of the literal in the text. */
  pos(i: number): number {
    return this.#arrays.starts[i];
  }
  /** A number without its sign. */
  digits(i: number): string {
    return this.#text.slice(this.#arrays.starts[i] + (this.isNegative(i) ? 1 : 0), this.#arrays.ends[i]);
  }
  /** A string's value. */
  string(i: number): string {
    const start = this.#arrays.starts[i];
    if (this.#arrays.kinds[i] === LITERAL_STRING) return this.#text.slice(start + 1, this.#arrays.ends[i] - 1);
    const open = this.#text[start] === "'" ? start : start + 1;
    return readString(this.#text, start, open).value;
  }
  /** A number of digits only; NaN when a double does not hold it exactly. */
  integer(i: number): number {
    const negative = this.isNegative(i);
    const end = this.#arrays.ends[i];
    let value = 0;
    for (let at = this.#arrays.starts[i] + (negative ? 1 : 0); at < end; at += 1)
      value = value * 10 + this.#text.charCodeAt(at) - 0x30;
    if (value > Number.MAX_SAFE_INTEGER) return NaN;
    return negative ? 0 - value : value;
  }
}
