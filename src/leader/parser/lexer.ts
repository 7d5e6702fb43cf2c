/**
 * Lexer: SQL text to tokens with character offsets. Redshift's rules: backslash escapes are live in plain strings, quoted
 * names fold to lower case, names are cut at 127 bytes, `#name` is a temporary table. Everything else in the parser
 * (splitting, own statement parsers, rewrites for libpg-query) works on these tokens only. Comments vanish here.
 */
import { invalidEncoding, syntaxErrorAt, unterminated, zeroLengthIdentifier } from '../../common/errors/catalogue.ts';
import { IDENTIFIER_BYTES_MAX } from '../../common/limits.ts';
import { classAt, DIGIT, IDENT_PART, IDENT_START, near, OPERATOR, PUNCT, skipBlanks } from './characters.ts';
import { readString, stringSegment } from './lex-string.ts';
import { LiteralLifter } from './literal-lifter.ts';
import type { Token } from './token.ts';

export type { Token } from './token.ts';

const foldAscii = (s: string): string => (/[A-Z]/.test(s) ? s.replace(/[A-Z]+/g, (upper) => upper.toLowerCase()) : s);

/** Cuts a name to 127 bytes of UTF-8 at a character boundary. */
function cutName(name: string): string {
  if (name.length <= IDENTIFIER_BYTES_MAX / 3 || Buffer.byteLength(name) <= IDENTIFIER_BYTES_MAX) return name;
  let bytes = 0;
  let out = '';
  for (const c of name) {
    bytes += Buffer.byteLength(c);
    if (bytes > IDENTIFIER_BYTES_MAX) break;
    out += c;
  }
  return out;
}

/**
 * A string token as an option of COPY or UNLOAD reads it: NULL AS '\\N' may be written with one backslash, since letters that
 * make no escape keep theirs.
 */
export function optionString(text: string, token: Token): string {
  const open = text.indexOf("'", token.start);
  return text[token.start] === '$' ? token.value : stringSegment(text, open, token.start, true).value;
}

/** Refuses a decoded string that holds NUL. */
export function refuseNul(token: Token): void {
  if (token.value.includes('\0')) throw invalidEncoding('0x00', token.start + 1);
}

function lexDollar(text: string, start: number): Token | undefined {
  const digits = /\d+/y;
  digits.lastIndex = start + 1;
  const param = digits.exec(text);
  if (param !== null) return { kind: 'param', value: param[0], start, end: digits.lastIndex };
  const opening = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
  opening.lastIndex = start;
  const tag = opening.exec(text);
  if (tag === null) return undefined;
  const close = text.indexOf(tag[0], opening.lastIndex);
  if (close < 0) throw unterminated('dollar-quoted string', near(text, start), start + 1);
  return { kind: 'string', value: text.slice(opening.lastIndex, close), start, end: close + tag[0].length };
}

/**
 * Stands in a stored query whose quoted names keep their case (made under enable_case_sensitive_identifier), so that it
 * reads the same under every setting.
 */
export const CASE_SENSITIVE_MARK = '/* case-sensitive names */ ';

function lexQuotedName(text: string, start: number, keepsCase: boolean): Token {
  let i = start + 1;
  for (;;) {
    const close = text.indexOf('"', i);
    if (close < 0) throw unterminated('quoted identifier', near(text, start), start + 1);
    if (text[close + 1] !== '"') {
      const raw = text.slice(start + 1, close).replaceAll('""', '"');
      if (raw === '') throw zeroLengthIdentifier(start + 1);
      if (/[\u0000-\u001f]/.test(raw)) throw syntaxErrorAt(near(text, start), start + 1);
      return { kind: 'quoted', value: cutName(keepsCase ? raw : foldAscii(raw)), start, end: close + 1 };
    }
    i = close + 2;
  }
}

const NUMBER = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;

/** Longest run of operator characters that Postgres' rules allow as one operator. */
function lexOperator(text: string, start: number): Token {
  let end = start;
  while (end < text.length && (classAt(text, end) & OPERATOR) !== 0) {
    if (end > start && (text.startsWith('--', end) || text.startsWith('/*', end))) break;
    end += 1;
  }
  while (end > start + 1) {
    const last = text[end - 1];
    if ((last === '+' || last === '-') && !/[~!@#%^&|`?]/.test(text.slice(start, end - 1))) end -= 1;
    else break;
  }
  return { kind: 'op', value: text.slice(start, end), start, end };
}

/** True where `#` starts a temporary table's name rather than the xor operator. */
function startsTempName(text: string, i: number, before: Token | undefined): boolean {
  if ((classAt(text, i + 1) & IDENT_START) === 0) return false;
  if (before === undefined) return true;
  if (before.kind === 'word') return before.end < i;
  if (before.kind === 'punct') return before.value !== ')' && before.value !== ']';
  return before.kind === 'op';
}

function lexString(text: string, start: number, open: number): Token {
  const { value, end } = readString(text, start, open);
  return { kind: 'string', value, start, end };
}

function lexWord(text: string, start: number, from: number): Token {
  let end = from;
  while (end < text.length && (classAt(text, end) & IDENT_PART) !== 0) end += 1;
  return { kind: 'word', value: cutName(foldAscii(text.slice(start, end))), start, end };
}

function lexOne(text: string, i: number, before: Token | undefined, keepsCase: boolean): Token {
  const c = text[i];
  const cls = classAt(text, i);
  if (c === "'") return lexString(text, i, i);
  if ((cls & IDENT_START) !== 0) {
    if ((c === 'e' || c === 'E' || c === 'n' || c === 'N') && text[i + 1] === "'") return lexString(text, i, i + 1);
    return lexWord(text, i, i + 1);
  }
  if ((cls & DIGIT) !== 0 || (c === '.' && (classAt(text, i + 1) & DIGIT) !== 0)) {
    NUMBER.lastIndex = i;
    const value = NUMBER.exec(text)?.[0] ?? c;
    return { kind: 'number', value, start: i, end: i + value.length };
  }
  if (c === '"') return lexQuotedName(text, i, keepsCase);
  if (c === '$') {
    const token = lexDollar(text, i);
    if (token !== undefined) return token;
  }
  if ((cls & PUNCT) !== 0) {
    const two = text.slice(i, i + 2);
    const value = two === '::' || two === ':=' || two === '..' ? two : c;
    return { kind: 'punct', value, start: i, end: i + value.length };
  }
  if (c === '#' && startsTempName(text, i, before)) return lexWord(text, i, i + 1);
  if ((cls & OPERATOR) !== 0) return lexOperator(text, i);
  if (c === '\0') throw invalidEncoding('0x00', i + 1);
  throw syntaxErrorAt(c, i + 1);
}

/**
 * All tokens of `text`, without an end marker. `caseSensitive`: quoted names keep their case. Throws SqlError 42601 for
 * what cannot be lexed.
 */
export function tokenize(text: string, caseSensitive = false, literalsMin?: number): Token[] {
  const keepsCase = caseSensitive || text.includes(CASE_SENSITIVE_MARK);
  if (text.includes('\0')) throw invalidEncoding('0x00', text.indexOf('\0') + 1);
  const tokens: Token[] = [];
  const lifter = new LiteralLifter(text, literalsMin);
  let before: Token | undefined;
  for (let i = skipBlanks(text, 0); i < text.length; i = skipBlanks(text, i)) {
    before = lifter.lift(i, before) ?? lexOne(text, i, before, keepsCase);
    tokens.push(before);
    i = before.end;
  }
  return tokens;
}
