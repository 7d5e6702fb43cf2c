/**
 * Cursor over the tokens of one statement, for our own recursive-descent parsers (statements/). Keywords are matched by
 * unquoted words. Every failed expectation is 42601 at the offending token.
 */
import { featureNotSupported, syntaxErrorAt, syntaxErrorEnd } from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { QualifiedName } from './ast.ts';
import { refuseNul } from './lexer.ts';
import { RESERVED_WORDS } from '../../common/reserved-words.ts';
import { shownToken, type Token } from './token.ts';

export class Cursor {
  index = 0;
  /** What the statement says and nobody carries out: refused once all of it is read. */
  gap: SqlError | undefined;
  /** The furthest token that was not the word that several others had led to. */
  private furthest = 0;
  readonly tokens: readonly Token[];
  /** The user's whole text. */
  readonly text: string;

  constructor(tokens: readonly Token[], text: string) {
    this.tokens = tokens;
    this.text = text;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.index + ahead];
  }

  get done(): boolean {
    return this.index >= this.tokens.length;
  }

  /** Offset of the current token, or the end of the statement. */
  get pos(): number {
    return this.peek()?.start ?? this.tokens[this.tokens.length - 1]?.end ?? this.text.length;
  }

  /** Offset behind the last consumed token. */
  get endPos(): number {
    return this.tokens[this.index - 1]?.end ?? this.pos;
  }

  /** Without a token: at the next one, or where a beginning of several words ended. */
  fail(token: Token | undefined = this.tokens[Math.max(this.index, this.furthest)]): SqlError {
    if (token === undefined) return syntaxErrorEnd(this.pos + 1);
    return syntaxErrorAt(shownToken(this.text, token), token.start + 1);
  }

  next(): Token {
    const token = this.peek();
    if (token === undefined) throw this.fail();
    this.index += 1;
    return token;
  }

  /** True when the next tokens are these words in a row. */
  atWords(...words: readonly string[]): boolean {
    return words.every((word, i) => this.isWord(this.index + i, word));
  }

  /** True when the next token is one of these words. */
  atAny(words: readonly string[]): boolean {
    const token = this.peek();
    return token?.kind === 'word' && words.includes(token.value);
  }

  accept(...words: readonly string[]): boolean {
    let matched = 0;
    while (matched < words.length && this.isWord(this.index + matched, words[matched])) matched += 1;
    if (matched === words.length) this.index += words.length;
    else if (matched > 0) this.furthest = Math.max(this.furthest, this.index + matched);
    return matched === words.length;
  }

  private isWord(index: number, word: string): boolean {
    const token = this.tokens[index];
    return token?.kind === 'word' && token.value === word;
  }

  /** Something is read that is not carried out. */
  lacks(message: string, pos: number): void {
    this.gap ??= featureNotSupported(message, pos + 1);
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.fail();
  }

  /** Consumes one of the words and returns it. */
  oneOf(...words: readonly string[]): string {
    const token = this.peek();
    if (token?.kind !== 'word' || !words.includes(token.value)) throw this.fail();
    this.index += 1;
    return token.value;
  }

  at(symbol: string): boolean {
    const token = this.peek();
    return token !== undefined && (token.kind === 'punct' || token.kind === 'op') && token.value === symbol;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.at(symbol)) return false;
    this.index += 1;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.fail();
  }

  /** A name, plain or quoted; a reserved word is one in quotes only. */
  name(): string {
    const token = this.peek();
    if (token?.kind === 'word' && RESERVED_WORDS.has(token.value)) throw this.fail();
    return this.word();
  }

  /** A word of any kind, plain or quoted: a value, an encoding, a name behind a dot. */
  word(): string {
    const token = this.peek();
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) throw this.fail();
    this.index += 1;
    return token.value;
  }

  /** [database.][schema.]name */
  qualified(): QualifiedName {
    const { pos } = this;
    const parts = [this.name()];
    while (this.acceptSymbol('.')) parts.push(this.word());
    if (parts.length > 3) throw this.fail(this.peek(-1));
    const [name, schema, database] = [...parts].reverse();
    return {
      ...(database === undefined ? {} : { database }),
      ...(schema === undefined ? {} : { schema }),
      name,
      pos,
    };
  }

  string(): string {
    const token = this.peek();
    if (token?.kind !== 'string') throw this.fail();
    refuseNul(token);
    this.index += 1;
    return token.value;
  }

  /** An integer with an optional sign. */
  integer(): number {
    return Number(this.bigInteger());
  }
  bigInteger(): bigint {
    const negative = this.acceptSymbol('-');
    const token = this.peek();
    if (token?.kind !== 'number' || !/^\d+$/.test(token.value)) throw this.fail();
    this.index += 1;
    return negative ? -BigInt(token.value) : BigInt(token.value);
  }

  /** item, item ... */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  /** (name, name ...) */
  nameList(): string[] {
    this.expectSymbol('(');
    const found = this.list(() => this.name());
    this.expectSymbol(')');
    return found;
  }

  /** Consumes tokens up to a `,` or `)` outside parentheses, to one that `stop` picks, or to the end. */
  takeUntil(stop: (token: Token, taken: number) => boolean): Token[] {
    const from = this.index;
    const open: string[] = [];
    for (; !this.done; this.index += 1) {
      const token = this.tokens[this.index];
      if (token.kind === 'punct') {
        const { value } = token;
        if (open.length === 0 && (value === ')' || value === ']' || value === ',')) break;
        if (value === '(') open.push(')');
        else if (value === '[') open.push(']');
        // One that closes nothing is wrong where it stands.
        else if (value === open[open.length - 1]) open.pop();
      }
      if (open.length === 0 && stop(token, this.index - from)) break;
    }
    return this.tokens.slice(from, this.index);
  }

  /** The remaining tokens. */
  rest(): readonly Token[] {
    const found = this.tokens.slice(this.index);
    this.index = this.tokens.length;
    return found;
  }

  expectEnd(): void {
    if (!this.done) throw this.fail();
  }
}
