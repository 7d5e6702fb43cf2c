/**
 * Hostile input: whatever the text, only SqlError comes out, quickly, and the parser works afterwards.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { Expr } from './ast.ts';
import { parseExpressionTextSync, parseStatementsSync, warmParser } from './parser.ts';
import { trials } from '../../common/test-trials.ts';

beforeAll(warmParser);
afterEach(() => {
  expect(parseStatementsSync('select a + 1 from t')).toHaveLength(1);
});

/** The error of a text, or undefined when it parses. */
function attempt(text: string): SqlError | undefined {
  try {
    parseStatementsSync(text);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof SqlError)) throw thrown;
    return thrown;
  }
}

describe('nesting', () => {
  const deep: readonly (readonly [string, (n: number) => string])[] = [
    ['parentheses', (n) => `select ${'('.repeat(n)}1${')'.repeat(n)}`],
    ['open parentheses only', (n) => `select ${'('.repeat(n)}`],
    ['calls', (n) => `select ${'f('.repeat(n)}1${')'.repeat(n)}`],
    ['subqueries', (n) => `select ${'(select '.repeat(n)}1${')'.repeat(n)}`],
    ['derived tables', (n) => `select * from ${'(select * from '.repeat(n)}t${')'.repeat(n)}`],
    ['CASE', (n) => `select ${'case when a then b else '.repeat(n)}1${' end'.repeat(n)}`],
    ['NOT', (n) => `select ${'not '.repeat(n)}true`],
    ['minus signs', (n) => `select ${'- '.repeat(n)}1`],
    ['additions', (n) => `select 1${' + 1'.repeat(n)}`],
    ['concatenations', (n) => `select 'a'${" || 'b'".repeat(n)}`],
    ['casts', (n) => `select 1${'::int'.repeat(n)}`],
    ['unions', (n) => `select 1${' union select 1'.repeat(n)}`],
    ['joins', (n) => `select 1 from a${' join b on true'.repeat(n)}`],
    ['subscripts', (n) => `select a${'[1]'.repeat(n)}`],
    ['CONVERT', (n) => `select ${'convert(int, '.repeat(n)}1${')'.repeat(n)}`],
    ['in VALUES', (n) => `insert into t values (${'('.repeat(n)}1${')'.repeat(n)})`],
    ['in DEFAULT', (n) => `create table t (a int default ${'('.repeat(n)}1${')'.repeat(n)})`],
  ];
  for (const [name, make] of deep) {
    test(`10,000 ${name} are 54001, 400 are not`, () => {
      expect(attempt(make(10_000))?.sqlstate).toBe('54001');
      expect(attempt(make(400))?.sqlstate).not.toBe('54001');
    });
  }
  test('long AND and OR chains parse to a shallow tree', () => {
    const depth = (e: Expr): number => (e.kind === 'binary' ? 1 + Math.max(depth(e.left), depth(e.right)) : 1);
    const expr = parseExpressionTextSync(Array.from({ length: 20_000 }, (_, i) => `a = ${i}`).join(' or '));
    expect(depth(expr)).toBeLessThan(40);
  });
  test('hundreds of QUALIFY clauses are 54001', () => {
    expect(attempt(`select 1 ${'union select 1 from t x qualify 1 '.repeat(400)}`)?.sqlstate).toBe('54001');
  });
});

describe('size and bytes', () => {
  test('a statement over 16 MB is 54000', () => {
    expect(attempt(`select '${'x'.repeat(17 * 1024 * 1024)}'`)?.sqlstate).toBe('54000');
  });
  test('a name of 1 MB is cut', () => {
    const [statement] = parseStatementsSync(`select a as ${'n'.repeat(1024 * 1024)}`);
    const item =
      statement.kind === 'query' && statement.query.body.kind === 'select'
        ? statement.query.body.items[0]
        : undefined;
    expect(item?.alias).toBe('n'.repeat(127));
  });
  test('names between 63 and 127 bytes survive whole', () => {
    const name = `c${'é'.repeat(50)}`;
    const [statement] = parseStatementsSync(`select t."${name}" from s."${name}" t`);
    const core =
      statement.kind === 'query' && statement.query.body.kind === 'select' ? statement.query.body : undefined;
    expect(core?.items[0].expr).toMatchObject({ parts: ['t', name] });
    expect(core?.from[0]).toMatchObject({ name: { schema: 's', name } });
  });
  test('NUL anywhere is 22021', () => {
    expect(attempt('select 1 \0')?.sqlstate).toBe('22021');
    expect(attempt(String.raw`select '\000'`)?.sqlstate).toBe('22021');
    expect(attempt(String.raw`insert into t values ('\0')`)?.sqlstate).toBe('22021');
  });
  test('lone surrogates do not break positions', () => {
    expect(attempt("select '\ud800' x y z")).toMatchObject({ sqlstate: '42601', position: 14 });
  });
  test('an INSERT of 100,000 rows is read in seconds', () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, i) => `(${i}, 'name ${i}', -1.5, null, ${i % 50 === 0 ? "lower('X')" : 'true'})`,
    );
    const [statement] = parseStatementsSync(`insert into t values ${rows.join(',')}`);
    const source =
      statement.kind === 'insert' && statement.source !== 'default values' ? statement.source.body : undefined;
    const parsed = source?.kind === 'values' ? source.rows : [];
    expect(parsed).toHaveLength(100_000);
    expect(parsed[0][4]).toMatchObject({ kind: 'call', name: { name: 'lower' } });
    expect(parsed[99_999][0]).toMatchObject({ kind: 'number', text: '99999' });
  }, 20_000);
});

test('random token soup gives a statement or a SqlError', () => {
  const words = [
    'select',
    'from',
    'where',
    'top',
    'qualify',
    'exclude',
    '*',
    '(',
    ')',
    ',',
    'a',
    'b',
    '1',
    "'x'",
    '$1',
    '=',
    '+',
    '-',
    'and',
    'or',
    'not',
    'case',
    'when',
    'then',
    'end',
    'convert',
    'approximate',
    'count',
    'distinct',
    'within',
    'group',
    'order',
    'by',
    'ignore',
    'nulls',
    'over',
    'minus',
    'union',
    'delete',
    'update',
    'set',
    'insert',
    'into',
    'values',
    'create',
    'table',
    'view',
    'as',
    'default',
    'identity',
    'copy',
    'unload',
    'grant',
    'on',
    'to',
    'alter',
    'add',
    'column',
    'int',
    'varchar',
    '[',
    ']',
    '::',
    '.',
    ';',
    '#t',
    '"q"',
    'limit',
    'interval',
    'show',
    'fetch',
    'declare',
    'cursor',
    'for',
    'analyze',
    'vacuum',
    'explain',
    'prepare',
    'execute',
    'with',
    'recursive',
    'join',
    'using',
    'lateral',
    'returning',
    'window',
    'array',
    'collate',
    'is',
    'null',
    'in',
    'like',
    'escape',
    'between',
    '||',
    'é',
    '\u0001',
    '{',
    '\\',
  ];
  let seed = 12345;
  const random = (n: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (seed >> 8) % n;
  };
  let parsed = 0;
  for (let round = 0; round < trials(20_000); round += 1) {
    const starters = [
      'select',
      'select a from b where',
      'create table t (',
      'insert into t',
      'copy t from',
      'alter table t',
      'grant',
      '',
    ];
    const text = [
      starters[random(starters.length)],
      ...Array.from({ length: 1 + random(12) }, () => words[random(words.length)]),
    ].join(' ');
    if (attempt(text) === undefined) parsed += 1;
  }
  expect(parsed).toBeGreaterThan(50);
});
