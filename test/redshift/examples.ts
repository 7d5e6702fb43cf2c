/**
 * Rows of a table of documented examples (id, category, sql, expected, note; tab-separated, with a header) and how an
 * answer is compared with the expected one. Escapes: `\n` ends a row of the answer, `\t` a column, `\N` is NULL, `\E` an
 * empty string. Notes say what is compared loosely: `float` to a relative 1e-9, `unordered` rows, `members` of a collection of
 * geometries in any order, `trim` and `rtrim` blanks, `frac` trailing zeros of fractional seconds.
 */
export type Row = readonly (string | null)[];
export interface Example {
  readonly id: string;
  readonly category: string;
  readonly sql: string;
  readonly expected: string;
  readonly note: readonly string[];
  /** Tables to drop afterwards. */
  readonly cleanup: readonly string[];
}

const FLOAT_TOLERANCE = 1e-9;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;

export function readExamples(tsv: string): readonly Example[] {
  return tsv
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', category = '', sql = '', expected = '', note = ''] = line.split('\t');
      const words = note.split(/\s+/).filter((word) => word !== '');
      const cleanup = words.flatMap((word) => (word.startsWith('cleanup:') ? word.slice(8).split(',') : []));
      return { id, category, sql: unescape(sql), expected, note: words, cleanup };
    });
}

/** What differs, in one line; undefined when the answer is the expected one. An error is given as `ERROR: message`. */
export function difference(example: Example, got: readonly Row[] | string): string | undefined {
  const told = (): string => `expected ${example.expected}; got ${typeof got === 'string' ? got : print(got)}`;
  if (example.expected.startsWith('ERROR')) {
    const wanted = unescape(example.expected.replace(/^ERROR:?\s*/, ''));
    return typeof got === 'string' && got.slice('ERROR: '.length).includes(wanted) ? undefined : told();
  }
  if (typeof got === 'string') return told();
  const rows = (given: readonly Row[]): readonly Row[] => {
    const read = given.map((row) => row.map((cell) => loose(cell, example.note)));
    const key = (row: Row): string => JSON.stringify(row);
    return example.note.includes('unordered') ? read.sort((a, b) => (key(a) < key(b) ? -1 : 1)) : read;
  };
  const [left, right] = [rows(expectedRows(example.expected)), rows(got)];
  const cells = example.note.includes('float') ? closeCells : (a: string | null, b: string | null) => a === b;
  const same =
    left.length === right.length &&
    left.every((row, i) => row.length === right[i]!.length && row.every((cell, c) => cells(cell, right[i]![c]!)));
  return same ? undefined : told();
}

function expectedRows(expected: string): readonly Row[] {
  if (expected === '(0 rows)') return [];
  return splitAt(expected, 'n').map((row) =>
    splitAt(row, 't').map((cell) => (cell === '\\N' ? null : cell === '\\E' ? '' : unescape(cell))),
  );
}

/** Cuts at `\` and the letter; an escaped backslash is none. */
function splitAt(escaped: string, letter: string): readonly string[] {
  const parts = [''];
  for (const [token] of escaped.matchAll(/\\.|[^\\]+/gs)) {
    if (token === `\\${letter}`) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function unescape(escaped: string): string {
  return escaped.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
}

function loose(cell: string | null, note: readonly string[]): string | null {
  if (cell === null) return null;
  let text = cell;
  if (note.includes('trim')) text = text.trim();
  if (note.includes('members'))
    text = (text.match(/[A-Z]+\((?:[^A-Z]|\()*/g) ?? [])
      .map((m) => m.replace(/[,)]*$/, ''))
      .sort()
      .join();
  if (note.includes('rtrim')) text = text.trimEnd();
  if (note.includes('frac')) text = text.replace(/(:\d\d\.\d*?)0+(?!\d)/g, '$1').replace(/(:\d\d)\.(?!\d)/g, '$1');
  return text;
}

/** Equal but for the last digits of the numbers in them. */
function closeCells(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  const [x, y] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []];
  if (a.replace(NUMBER, '#') !== b.replace(NUMBER, '#') || x.length !== y.length) return false;
  return x.every((number, i) => {
    const [p, q] = [Number(number), Number(y[i])];
    return p === q || Math.abs(p - q) <= FLOAT_TOLERANCE * Math.max(Math.abs(p), Math.abs(q));
  });
}

function print(rows: readonly Row[]): string {
  return rows.map((row) => row.map((cell) => cell ?? '\\N').join('\\t')).join('\\n');
}
