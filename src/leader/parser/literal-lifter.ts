/**
 * Lifts long lists of literals out of a text while it is lexed: `IN (literal, ...)` and the rows of `INSERT ... VALUES`
 * become one token each, so that neither tokens nor grammar nor AST grow with them. A list that holds anything but literals
 * is lexed as usual. Called by the lexer.
 */
import { LITERALS_MIN } from '../../common/limits.ts';
import { classAt, DIGIT, IDENT_PART, IDENT_START, skipBlanks } from './characters.ts';
import { readString } from './lex-string.ts';
import {
  LITERAL_DEFAULT,
  LITERAL_ESCAPED,
  LITERAL_FALSE,
  LITERAL_INTEGER,
  LITERAL_NULL,
  LITERAL_NUMBER,
  LITERAL_STRING,
  LITERAL_TRUE,
  LiteralList,
  NEGATIVE,
} from './literal-list.ts';
import type { Token } from './token.ts';

const WORDS: Readonly<Record<string, number>> = {
  null: LITERAL_NULL,
  true: LITERAL_TRUE,
  false: LITERAL_FALSE,
  default: LITERAL_DEFAULT,
};
/** Characters of the longest of these words. */
const WORD_MAX = 7;
const COMMA = 0x2c;
const CLOSE = 0x29;
const OPEN = 0x28;
const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;

/** Literals found so far; the arrays double. */
class Found {
  count = 0;
  private kinds = new Uint8Array(1024);
  private starts = new Uint32Array(1024);
  private ends = new Uint32Array(1024);

  add(kind: number, start: number, end: number): void {
    if (this.count === this.kinds.length) this.grow();
    this.kinds[this.count] = kind;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count += 1;
  }
  private grow(): void {
    const [{ kinds, starts, ends }, capacity] = [this, this.count * 2];
    this.kinds = new Uint8Array(capacity);
    this.starts = new Uint32Array(capacity);
    this.ends = new Uint32Array(capacity);
    this.kinds.set(kinds);
    this.starts.set(starts);
    this.ends.set(ends);
  }
  list(width: number, text: string): LiteralList {
    const { kinds, starts, ends, count } = this;
    const arrays = {
      kinds: kinds.slice(0, count),
      starts: starts.slice(0, count),
      ends: ends.slice(0, count),
      width,
    };
    return new LiteralList(arrays, text);
  }
}

export class LiteralLifter {
  /** In INSERT INTO table (columns), where VALUES may come next. */
  private inInsert = false;
  /** In MERGE, whose INSERT has one row. */
  private inMerge = false;
  /** Behind PIVOT's FOR, whose IN lists columns. */
  private inPivot = false;

  constructor(
    private readonly text: string,
    /** Literals of a list or of all rows from which on they are lifted. */
    private readonly least = LITERALS_MIN,
  ) {}

  /** The list that opens at `i` as one token; undefined when there is none. */
  lift(i: number, before: Token | undefined): Token | undefined {
    // A short text holds no long list: two characters a literal is the least.
    if (this.text.length < 2 * this.least || before === undefined) return undefined;
    if (before.kind === 'punct' && before.value === ';') this.inInsert = this.inMerge = false;
    if (before.kind === 'punct') this.inPivot = false;
    if (before.kind !== 'word') return undefined;
    if (before.value === 'for') this.inPivot = true;
    if (before.value === 'merge') this.inMerge = true;
    if (before.value === 'insert') this.inInsert = !this.inMerge;
    else if (before.value === 'select' || before.value === 'with') this.inInsert = false;
    if (this.text.charCodeAt(i) !== OPEN) return undefined;
    if (before.value === 'in') return this.inPivot ? undefined : this.list(i);
    return before.value === 'values' && this.inInsert ? this.rows(i) : undefined;
  }

  private list(open: number): Token | undefined {
    const found = new Found();
    const end = this.literals(open, found, false);
    if (end < 0 || found.count < this.least) return undefined;
    return { kind: 'literals', value: '', start: open, end, literals: found.list(0, this.text) };
  }
  /** All rows, or none of them. */
  private rows(open: number): Token | undefined {
    const found = new Found();
    let end = this.literals(open, found, true);
    const width = found.count;
    for (let rows = 1; end >= 0; rows += 1) {
      if (found.count !== width * rows) return undefined;
      const next = skipBlanks(this.text, end);
      if (this.text.charCodeAt(next) !== COMMA) break;
      const row = skipBlanks(this.text, next + 1);
      if (this.text.charCodeAt(row) !== OPEN) return undefined;
      end = this.literals(row, found, true);
    }
    if (end < 0 || found.count < this.least) return undefined;
    return { kind: 'literals', value: '', start: open, end, literals: found.list(width, this.text) };
  }
  /** Offset behind `(literal, ...)`; -1 when something else stands there. */
  private literals(open: number, found: Found, defaults: boolean): number {
    const { text } = this;
    for (let i = open + 1; ;) {
      const start = skipBlanks(text, i);
      const end = this.literal(start, found, defaults);
      if (end < 0) return -1;
      i = skipBlanks(text, end);
      const c = text.charCodeAt(i);
      i += 1;
      if (c === CLOSE) return i;
      if (c !== COMMA) return -1;
    }
  }
  private literal(start: number, found: Found, defaults: boolean): number {
    const c = this.text.charCodeAt(start);
    if (c === QUOTE) return this.string(start, start, found);
    const cls = classAt(this.text, start);
    if ((cls & DIGIT) !== 0 || c === POINT) return this.number(start, start, 0, found);
    if (c === MINUS) return this.number(start, start + 1, NEGATIVE, found);
    if ((cls & IDENT_START) === 0) return -1;
    const prefix = c === 0x65 || c === 0x45 || c === 0x6e || c === 0x4e;
    if (prefix && this.text.charCodeAt(start + 1) === QUOTE) return this.string(start, start + 1, found);
    return this.word(start, found, defaults);
  }
  private word(start: number, found: Found, defaults: boolean): number {
    let end = start;
    while (end - start <= WORD_MAX && (classAt(this.text, end) & IDENT_PART) !== 0) end += 1;
    const kind = WORDS[this.text.slice(start, end).toLowerCase()];
    if (kind === undefined || (kind === LITERAL_DEFAULT && !defaults)) return -1;
    found.add(kind, start, end);
    return end;
  }
  /** digits[.digits][e[+-]digits], as the lexer reads it. */
  private number(start: number, from: number, sign: number, found: Found): number {
    let i = this.digits(from);
    let kind = LITERAL_INTEGER;
    if (this.text.charCodeAt(i) === POINT && this.text.charCodeAt(i + 1) !== POINT) {
      kind = LITERAL_NUMBER;
      i = this.digits(i + 1);
      if (i === from + 1) return -1;
    }
    if (i === from) return -1;
    const c = this.text.charCodeAt(i);
    if (c === 0x65 || c === 0x45) {
      const signed = /[+-]/.test(this.text[i + 1] ?? '') ? i + 2 : i + 1;
      const end = this.digits(signed);
      if (end > signed) [i, kind] = [end, LITERAL_NUMBER];
    }
    found.add(kind | sign, start, i);
    return i;
  }
  private digits(from: number): number {
    let i = from;
    for (let c = this.text.charCodeAt(i); c >= 0x30 && c <= 0x39; c = this.text.charCodeAt(i)) i += 1;
    return i;
  }
  private string(start: number, open: number, found: Found): number {
    const { text } = this;
    const close = text.indexOf("'", open + 1);
    const plain = open === start && close > 0 && this.endsPlainly(close) && !this.escaped(open, close);
    if (plain) {
      found.add(LITERAL_STRING, start, close + 1);
      return close + 1;
    }
    const { value, end } = readString(text, start, open);
    if (value.includes('\0')) return -1;
    const plainly = open === start && end - start === value.length + 2 && text.startsWith(value, start + 1);
    found.add(plainly ? LITERAL_STRING : LITERAL_ESCAPED, start, end);
    return end;
  }
  /** No second quote, and no further segment, behind the quote at `close`. */
  private endsPlainly(close: number): boolean {
    const c = this.text.charCodeAt(close + 1);
    return c === COMMA || c === CLOSE;
  }
  private escaped(open: number, close: number): boolean {
    for (let i = open + 1; i < close; i += 1) if (this.text.charCodeAt(i) === BACKSLASH) return true;
    return false;
  }
}
