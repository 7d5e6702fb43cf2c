/**
 * Garbage before gap, and at its place: statements of every command (fixtures/accepted) with something put in, left out, said
 * twice or changed in order, from a seed. No other parser says what is right, so each answer is held against answers to parts
 * of the same text: what stands in front of the token that a syntax error names must not be wrong in itself, and that token
 * must be wrong whatever stands behind it; and nothing is 'not supported' (0A000) as long as its text is no statement.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { SqlError } from '../../src/common/errors/sql-error.ts';
import { Prng } from '../../src/common/prng.ts';
import type { Token } from '../../src/leader/parser/lexer.ts';
import { parseStatementsSync, tokenize, warmParser } from '../../src/leader/parser/parser.ts';

const SEED = Number(process.env['MUTATIONS_SEED'] ?? 1);
const MUTATIONS = Number(process.env['MUTATIONS'] ?? 4000);
/** Stands nowhere in SQL without an opening one. */
const GARBAGE = ']';

const statements = ['gaps', 'statements'].flatMap((file) =>
  readFileSync(join(import.meta.dirname, `../../fixtures/accepted/${file}.tsv`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.split('\t')[1]!.replace('\u2038', ''))
    .filter((sql) => !sql.includes(';')),
);

interface Answer {
  readonly code: string;
  readonly message: string;
  readonly position?: number;
}

function answerTo(sql: string): Answer {
  try {
    const refused = parseStatementsSync(sql).find((s) => s.kind === 'unsupported');
    return refused === undefined
      ? { code: '00000', message: '' }
      : { code: refused.sqlstate, message: refused.message };
  } catch (thrown) {
    if (!(thrown instanceof SqlError)) return { code: 'a fault', message: String(thrown) };
    const { sqlstate: code, message, position } = thrown;
    return { code, message, ...(position === undefined ? {} : { position }) };
  }
}

const shown = (sql: string, { code, message, position }: Answer): string =>
  `${position === undefined ? sql : `${sql.slice(0, position - 1)}\u2038${sql.slice(position - 1)}`}\n  ${code} ${message}`;

/** Two words that are read as one token: an error behind the first of them may stand at it. */
const LEADS: ReadonlySet<string> = new Set([
  'not',
  'nulls',
  'with',
  'interval',
  'timestamp',
  'top',
  'is',
  'exclude',
  'convert',
  'default',
]);
/** `convert(int, ]` is no CONVERT for the rewrite, which pairs parentheses: INT is wrong then. */
const MISPLACED = /convert\(int, +\]/;

/** What the grammar behind the rewrites points at too late: a function's name without parentheses, a word for a table. */
const KNOWN: ReadonlySet<string> = new Set([
  'select approximate id approximate count ( distinct id ) from t',
  'select "tag" from ( id select 1 as tag from ) x',
  'create masking policy if not exists p with ( a int , b int ) using ( case when a > b then a select else null end )',
  'create masking policy if not exists p with ( a int , b int ) using ( case when a select > b then a else null end )',
]);

beforeAll(() => warmParser());

test('garbage between any two tokens is the error, wherever it stands', { timeout: 120_000 }, () => {
  const faults: string[] = [];
  for (const sql of statements) {
    const tokens = tokenize(sql);
    for (let i = 0; i <= tokens.length; i += 1) {
      const at = tokens[i]?.start ?? sql.length;
      const text = `${sql.slice(0, at)} ${GARBAGE} ${sql.slice(at)}`;
      const answer = answerTo(text);
      const lead = tokens[i - 1];
      const wanted = lead !== undefined && LEADS.has(lead.value) ? [at + 2, lead.start + 1] : [at + 2];
      const right = answer.code === '42601' && wanted.includes(answer.position ?? 0);
      if (!right && !MISPLACED.test(text)) faults.push(shown(text, answer));
    }
  }
  expect(faults.join('\n')).toBe('');
});

function mutated(prng: Prng, sql: string): string {
  const pieces = tokenize(sql).map((token) => sql.slice(token.start, token.end));
  for (let times = prng.int(1, 2); times > 0; times -= 1) {
    const at = prng.int(0, pieces.length - 1);
    const other = prng.int(0, pieces.length - 1);
    const piece = pieces[at]!;
    switch (prng.int(0, 3)) {
      case 0:
        pieces.splice(at, 1);
        break;
      case 1:
        pieces.splice(at, 0, piece);
        break;
      case 2:
        [pieces[at], pieces[other]] = [pieces[other]!, piece];
        break;
      default: {
        const donor = prng.pick(statements);
        const token = prng.pick(tokenize(donor));
        pieces.splice(at, 0, donor.slice(token.start, token.end));
      }
    }
  }
  return pieces.join(' ');
}

const atEnd = ({ message }: Answer): boolean => message.endsWith('at end of input');

/** What is wrong with a syntax error's place, if anything. */
function misplaced(sql: string, tokens: readonly Token[], answer: Answer): string | undefined {
  const { position } = answer;
  if (position === undefined) return 'a syntax error without a position';
  if (atEnd(answer)) return undefined;
  const index = tokens.findIndex((t) => t.start === position - 1);
  if (index < 0) return 'the position is that of no token';
  const before = answerTo(sql.slice(0, tokens[index]!.start));
  const wrong = tokens.find((t) => t.start + 1 === before.position);
  const isLed = wrong !== undefined && LEADS.has(wrong.value);
  if (before.code === '42601' && !atEnd(before) && index > 0 && !isLed)
    return `what stands before it is wrong: ${before.message}`;
  const past = `${sql.slice(0, tokens[index]!.end)} ${GARBAGE}`;
  const behind = answerTo(past);
  const isLead = LEADS.has(tokens[index]!.value);
  if (behind.code !== '42601') return `before garbage it is ${behind.code} ${behind.message}`;
  return behind.position === position || isLead
    ? undefined
    : `before garbage the error is elsewhere: ${behind.message}`;
}

test(`mutations of seed ${SEED}`, { timeout: 300_000 }, () => {
  const prng = new Prng(SEED);
  const faults: string[] = [];
  const codes = new Map<string, number>();
  for (let i = 0; i < MUTATIONS; i += 1) {
    const sql = mutated(prng, prng.pick(statements));
    if (sql === '' || sql.includes(';')) continue;
    const answer = answerTo(sql);
    codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1);
    let fault: string | undefined;
    if (answer.code === 'a fault') fault = 'it is no SqlError';
    else if (answer.code === '42601' && /syntax error/.test(answer.message))
      fault = misplaced(sql, tokenize(sql), answer);
    else if (answer.code !== '42601') {
      const { code, message, position } = answerTo(`${sql} ${GARBAGE}`);
      if (code !== '42601' || position !== sql.length + 2) fault = `with garbage behind it is ${code} ${message}`;
    }
    if (fault !== undefined && !KNOWN.has(sql)) faults.push(`${shown(sql, answer)}\n  ${fault}`);
  }
  expect(faults.join('\n')).toBe('');
  for (const code of ['00000', '0A000', '42601']) expect(codes.get(code) ?? 0).toBeGreaterThan(MUTATIONS / 200);
});
