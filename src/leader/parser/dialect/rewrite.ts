/**
 * What every rewrite shares: its shape, how it looks at tokens and how it makes new ones. A rewrite turns Redshift-only
 * syntax into legal Postgres grammar by moving, dropping and adding tokens; each token keeps its place in the user's
 * text, so positions survive. What Postgres has no syntax for travels as a call of a marker function whose name starts
 * with U+0001 (the lexer refuses that character in users' names); postgres-ast.ts turns markers back into AST.
 */
import type { Token } from '../lexer.ts';

export interface Rewrite {
  /** Words one of which must occur in the statement for the rewrite to be run at all; empty: always. */
  readonly triggers: readonly string[];
  /** `tokens` is never changed in place; `text` is the user's whole text, for error messages. */
  readonly apply: (tokens: readonly Token[], text: string) => readonly Token[];
}

export const MARKER = '\u0001';
/** Marker functions and prefixes of function names. */
export const MARK_TOP = `${MARKER}top`;
export const MARK_QUALIFY = `${MARKER}qualify`;
export const MARK_CONNECT_BY = `${MARKER}connect by`;
export const MARK_PRIOR = `${MARKER}prior`;
export const MARK_OUTER = `${MARKER}outer`;
export const MARK_TRY_CAST = `${MARKER}try cast`;
export const MARK_PIVOT = `${MARKER}pivot`;
export const MARK_UNPIVOT_CLAUSE = `${MARKER}unpivot clause`;
export const MARK_GROUP_BY_ALL = `${MARKER}all`;
export const MARK_EXCLUDE = `${MARKER}exclude`;
export const MARK_IGNORE_NULLS = `${MARKER}ignore `;
export const MARK_APPROXIMATE = `${MARKER}approximate `;
export {
  UNNEST_CALL as MARK_UNNEST,
  UNNEST_OFFSET_CALL as MARK_UNNEST_OFFSET,
  UNPIVOT_CALL as MARK_UNPIVOT,
} from '../ast.ts';
/** With the number of the list. */
export const MARK_LITERALS = `${MARKER}literals `;
export const MARK_DISTINCT = `${MARKER}distinct `;

/** A folded name that takes along how it was written. */
export const spelledName = (name: string, written: string): string => `${name}${MARKER}${written}`;
const spelling = (name: string): number => name.indexOf(MARKER, 1);
export const foldedName = (name: string): string => (spelling(name) > 0 ? name.slice(0, spelling(name)) : name);
export const writtenName = (name: string): string => (spelling(name) > 0 ? name.slice(spelling(name) + 1) : name);

export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token !== undefined && token.kind === 'word' && words.includes(token.value);

export const isPunct = (token: Token | undefined, value: string): boolean =>
  token !== undefined && token.kind === 'punct' && token.value === value;

export const isOp = (token: Token | undefined, value: string): boolean =>
  token !== undefined && token.kind === 'op' && token.value === value;

/** A new token at the place of `at`. */
export const word = (value: string, at: Token): Token => ({ kind: 'word', value, start: at.start, end: at.end });
export const punct = (value: string, at: Token): Token => ({ kind: 'punct', value, start: at.start, end: at.end });
export const string = (value: string, at: Token): Token => ({ kind: 'string', value, start: at.start, end: at.end });
export const quoted = (value: string, at: Token): Token => ({ kind: 'quoted', value, start: at.start, end: at.end });

/** For each parenthesis or bracket the index of its partner, -1 for others and for unbalanced ones. */
export function partners(tokens: readonly Token[]): Int32Array {
  const found = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i += 1) {
    if (tokens[i].kind !== 'punct') continue;
    const { value } = tokens[i];
    if (value === '(' || value === '[') open.push(i);
    else if (value === ')' || value === ']') {
      const opener = open.pop();
      if (opener === undefined) continue;
      found[i] = opener;
      found[opener] = i;
    }
  }
  return found;
}
