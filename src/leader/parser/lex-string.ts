/**
 * String literals: Redshift's backslash escapes, doubled quotes, segments that join over a line break. Used by the lexer
 * and by literal-list.ts.
 */
import { invalidEncoding, unterminated } from '../../common/errors/catalogue.ts';
import { classAt, near, SPACE } from './characters.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const BYTE_ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/y;

/**
 * Decodes a run of \ooo and \xhh escapes, which are bytes of UTF-8; undefined when there is none at `i`. NUL passes here:
 * COPY's NULL AS '\000' needs it; wherever a string becomes a value it is refused (refuseNul).
 */
function byteEscapes(text: string, i: number, start: number): { value: string; end: number } | undefined {
  const bytes: number[] = [];
  let at = i;
  for (;;) {
    BYTE_ESCAPE.lastIndex = at;
    const match = BYTE_ESCAPE.exec(text);
    if (match === null) break;
    bytes.push((match[1] !== undefined ? parseInt(match[1], 16) : parseInt(match[2], 8)) & 0xff);
    at = BYTE_ESCAPE.lastIndex;
  }
  if (bytes.length === 0) return undefined;
  const value = Buffer.from(bytes).toString('utf8');
  if (value.includes('\ufffd')) {
    throw invalidEncoding(`0x${bytes[0].toString(16).padStart(2, '0')}`, start + 1);
  }
  return { value, end: at };
}

/** Decodes one quoted segment whose opening quote stands at `open`; `keep` leaves unknown escapes as they are. */
export function stringSegment(
  text: string,
  open: number,
  start: number,
  keep = false,
): { value: string; end: number } {
  let value = '';
  let from = open + 1;
  let i = from;
  while (i < text.length) {
    const c = text[i];
    if (c === "'") {
      value += text.slice(from, i);
      if (text[i + 1] !== "'") return { value, end: i + 1 };
      value += "'";
      i += 2;
      from = i;
    } else if (c === '\\') {
      value += text.slice(from, i);
      const bytes = byteEscapes(text, i, start);
      if (bytes !== undefined) {
        value += bytes.value;
        i = bytes.end;
      } else if (i + 1 < text.length) {
        const known = SIMPLE_ESCAPES[text[i + 1]];
        value += known ?? (keep && /[A-Za-z]/.test(text[i + 1]) ? text.slice(i, i + 2) : text[i + 1]);
        i += 2;
      } else {
        i += 1;
      }
      from = i;
    } else {
      i += 1;
    }
  }
  throw unterminated('quoted string', near(text, start), start + 1);
}

/** A string literal; segments separated by blanks and comments with a line break join, as in the standard. */
export function readString(
  text: string,
  start: number,
  open: number,
): { readonly value: string; readonly end: number } {
  let { value, end } = stringSegment(text, open, start);
  for (;;) {
    let i = end;
    let lineBreak = false;
    while (i < text.length) {
      if (classAt(text, i) === SPACE) {
        lineBreak ||= text[i] === '\n' || text[i] === '\r';
        i += 1;
      } else if (text.startsWith('--', i)) {
        while (i < text.length && text[i] !== '\n' && text[i] !== '\r') i += 1;
      } else break;
    }
    if (!lineBreak || text[i] !== "'") return { value, end };
    const more = stringSegment(text, i, start);
    value += more.value;
    end = more.end;
  }
}
