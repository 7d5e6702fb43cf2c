/**
 * The script language of the .slt files: a small sqllogictest. Records are separated by blank lines; `#` starts a comment.
 *   statement ok | statement error <sqlstate> <regular expression> | statement count <rows>     then SQL lines
 *   query <types> [nosort|rowsort]      then SQL lines, `----`, one line a row, cells joined by `|`
 *   connection <name> [database]    further records run on that connection
 *   restart    stop the cluster and start it again
 *   require disk | require nodes <n> | require slices <n>    skip the file where the configuration lacks it
 *   require large-strings    the server is started with --large-strings on
 *   keep-session <reason>    the file may not be interrupted by a restart
 *   s3 put <bucket/key> <file> | s3 gzip <bucket/key> <file> | s3 text <bucket/key> (then lines) | s3 generate <bucket/key> <set> <rows>
 *   loop <name> <first> <last> ... endloop    ${name} is replaced
 * Type letters: I integer, D decimal, R real or double, T text, B boolean, A date, S timestamp, X anything.
 * NULL is written NULL, an empty cell (empty), a line break inside a cell \n.
 */
import { SqlError } from '../../src/common/errors/sql-error.ts';

export type Record =
  | { readonly kind: 'statement'; readonly line: number; readonly sql: string; readonly expect: Expectation }
  | {
      readonly kind: 'query';
      readonly line: number;
      readonly sql: string;
      readonly types: string;
      readonly sort: boolean;
      readonly rows: readonly string[];
      /** Where the expected rows stand in the file: first line and count, for SLT_UPDATE. */
      readonly at: number;
    }
  | {
      readonly kind: 'connection';
      readonly line: number;
      readonly name: string;
      readonly database: string | undefined;
    }
  | { readonly kind: 'restart'; readonly line: number }
  | { readonly kind: 'require'; readonly line: number; readonly what: string; readonly least: number }
  | { readonly kind: 'keep-session'; readonly line: number }
  | {
      readonly kind: 's3';
      readonly line: number;
      readonly words: readonly string[];
      readonly lines: readonly string[];
    };

export type Expectation =
  | { readonly kind: 'ok' }
  | { readonly kind: 'count'; readonly rows: number }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly pattern: string };

const wrong = (line: number, what: string): SqlError =>
  new SqlError({ sqlstate: '42601', message: `line ${line}: ${what}` });

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Copies of the loops' bodies with the variable replaced. */
function unrolled(lines: readonly Line[]): Line[] {
  const out: Line[] = [];
  for (let i = 0; i < lines.length; i++) {
    const head = /^loop (\w+) (\d+) (\d+)$/.exec(lines[i]!.text);
    if (head === null) {
      out.push(lines[i]!);
      continue;
    }
    const end = lines.findIndex((l, at) => at > i && l.text === 'endloop');
    if (end < 0) throw wrong(lines[i]!.number, 'loop without endloop');
    for (let v = Number(head[2]); v <= Number(head[3]); v++) {
      for (const l of lines.slice(i + 1, end))
        out.push({ number: l.number, text: l.text.replaceAll(`\${${head[1]}}`, String(v)) });
      out.push({ number: lines[end]!.number, text: '' });
    }
    i = end;
  }
  return out;
}

function expectationOf(line: Line): Expectation {
  const text = line.text.slice('statement '.length);
  if (text === 'ok') return { kind: 'ok' };
  const count = /^count (\d+)$/.exec(text);
  if (count) return { kind: 'count', rows: Number(count[1]) };
  const error = /^error ([0-9A-Z]{5}) (.+)$/.exec(text);
  if (error) return { kind: 'error', sqlstate: error[1]!, pattern: error[2]! };
  throw wrong(line.number, `what is "${line.text}"?`);
}

function recordOf(block: readonly Line[]): Record {
  const head = block[0]!;
  const line = head.number;
  const [word, ...words] = head.text.split(/\s+/);
  const body = block.slice(1);
  const sqlOf = (lines: readonly Line[]): string => {
    if (lines.length === 0) throw wrong(line, 'no SQL');
    return lines.map((l) => l.text).join('\n');
  };
  switch (word) {
    case 'statement':
      return { kind: 'statement', line, sql: sqlOf(body), expect: expectationOf(head) };
    case 'query': {
      const cut = body.findIndex((l) => l.text === '----');
      if (cut < 0) throw wrong(line, 'query without ----');
      if (!/^[IDRTBASX]+$/.test(words[0] ?? '')) throw wrong(line, 'query without type letters');
      const rows = body.slice(cut + 1).map((l) => l.text);
      return {
        kind: 'query',
        line,
        sql: sqlOf(body.slice(0, cut)),
        types: words[0]!,
        sort: words[1] === 'rowsort',
        rows,
        at: body[cut]!.number,
      };
    }
    case 'connection':
      return { kind: 'connection', line, name: words[0] ?? 'main', database: words[1] };
    case 'restart':
      return { kind: 'restart', line };
    case 'require':
      return { kind: 'require', line, what: words[0] ?? '', least: Number(words[1] ?? 1) };
    case 'keep-session':
      return { kind: 'keep-session', line };
    case 's3':
      return { kind: 's3', line, words, lines: body.map((l) => l.text) };
    default:
      throw wrong(line, `unknown command "${word}"`);
  }
}

export function parseScript(text: string): Record[] {
  const lines = text.split('\n').map((t, i) => ({ number: i + 1, text: t.replace(/\r$/, '') }));
  const records: Record[] = [];
  let block: Line[] = [];
  for (const line of [...unrolled(lines), { number: lines.length + 1, text: '' }]) {
    if (line.text.trim() !== '' && !(block.length === 0 && line.text.startsWith('#'))) block.push(line);
    else if (line.text.trim() === '' && block.length > 0) {
      records.push(recordOf(block));
      block = [];
    }
  }
  return records;
}
