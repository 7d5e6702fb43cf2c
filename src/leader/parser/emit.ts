/**
 * Prints rewritten tokens as Postgres text and remembers where each came from, so that libpg-query's locations (UTF-8
 * bytes) and error cursors (code points) lead back to the user's characters. Strings come out in standard form, names
 * that Postgres would cut at 63 bytes or take for its own keywords are replaced by placeholders or quoted.
 */
import { assert } from '../../common/assert.ts';
import { MARK_LITERALS, MARKER } from './dialect/rewrite.ts';
import { refuseNul, type Token } from './lexer.ts';
import type { LiteralList } from './literal-list.ts';

export interface Emitted {
  readonly text: string;
  /** Token at a byte offset of `text`; the end of input gives undefined. */
  tokenAtByte(offset: number): Token | undefined;
  tokenAtCodePoint(offset: number): Token | undefined;
  /** A name as the user wrote it, from a name in libpg-query's tree. */
  restore(name: string): string;
  /** What a marker function's name stands for (MARK_LITERALS). */
  literals(name: string): LiteralList | undefined;
}

const POSTGRES_NAME_BYTES_MAX = 63;
/** Reserved in Postgres 18, plain names in Redshift: their features do not exist there. */
const PLAIN_IN_REDSHIFT = new Set([
  'asymmetric',
  'concurrently',
  'current_catalog',
  'current_role',
  'fetch',
  'lateral',
  'returning',
  'symmetric',
  'system_user',
  'tablesample',
  'variadic',
  'window',
]);

const NON_ASCII = /[^\u0000-\u007f]/;

function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) count += 1;
  return count;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Index of the last element not above `offset`. */
function lastNotAbove(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function emit(tokens: readonly Token[]): Emitted {
  const placeholders: string[] = [];
  const lists: LiteralList[] = [];
  const name = (value: string, bare: boolean): string => {
    if (value.length * 3 > POSTGRES_NAME_BYTES_MAX && Buffer.byteLength(value) > POSTGRES_NAME_BYTES_MAX) {
      placeholders.push(value);
      return `"${MARKER}${placeholders.length - 1}"`;
    }
    return bare && value[0] !== '#' && !PLAIN_IN_REDSHIFT.has(value) ? value : quote(value);
  };
  const print = (token: Token): string => {
    switch (token.kind) {
      case 'word':
        return name(token.value, true);
      case 'quoted':
        return name(token.value, false);
      case 'string':
        refuseNul(token);
        return `'${token.value.replaceAll("'", "''")}'`;
      case 'param':
        return `$${token.value}`;
      case 'literals':
        assert(token.literals?.width === 0, 'rows of literals belong to INSERT');
        return `("${MARK_LITERALS}${lists.push(token.literals) - 1}"())`;
      default:
        return token.value;
    }
  };
  const parts: string[] = [];
  const byteStarts: number[] = [];
  const pointStarts: number[] = [];
  let bytes = 0;
  let points = 0;
  for (const token of tokens) {
    const part = print(token);
    parts.push(part);
    byteStarts.push(bytes);
    pointStarts.push(points);
    const plain = !NON_ASCII.test(part);
    bytes += (plain ? part.length : Buffer.byteLength(part)) + 1;
    points += (plain ? part.length : codePoints(part)) + 1;
  }
  return {
    text: parts.join(' '),
    tokenAtByte: (offset) => tokens[lastNotAbove(byteStarts, offset)],
    tokenAtCodePoint: (offset) => (offset >= points - 1 ? undefined : tokens[lastNotAbove(pointStarts, offset)]),
    restore: (value) => {
      if (value[0] !== MARKER) return value;
      const index = Number(value.slice(1));
      return placeholders[index] ?? value;
    },
    literals: (value) =>
      value.startsWith(MARK_LITERALS) ? lists[Number(value.slice(MARK_LITERALS.length))] : undefined,
  };
}
