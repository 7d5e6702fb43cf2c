/**
 * The lexer: escapes, names, offsets, and errors with their positions.
 */
import { describe, expect, test } from 'vitest';
import { SqlError } from '../../common/errors/sql-error.ts';
import { tokenize } from './lexer.ts';
import { splitStatements } from './split.ts';

const kinds = (text: string): string[] => tokenize(text).map((t) => `${t.kind}:${t.value}`);

function errorOf(run: () => unknown): SqlError {
  try {
    run();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SqlError);
    return thrown as SqlError;
  }
  throw new SqlError({ sqlstate: 'XX000', message: 'no error came' });
}

describe('strings', () => {
  const decoded: readonly (readonly [string, string])[] = [
    [String.raw`'it\'s'`, "it's"],
    [`'it''s'`, "it's"],
    [String.raw`'\\d+'`, String.raw`\d+`],
    [String.raw`'a\tb\nc'`, 'a\tb\nc'],
    [String.raw`'\101\x42'`, 'AB'],
    [String.raw`'\xc3\xa9'`, 'é'],
    [String.raw`E'\q'`, 'q'],
    [`N'x'`, 'x'],
    [`'a'\n  'b'`, 'ab'],
    [`$$it's \\ raw$$`, "it's \\ raw"],
    [`$tag$a $$ b$tag$`, 'a $$ b'],
    [`'日本語'`, '日本語'],
    [`''`, ''],
  ];
  for (const [source, value] of decoded) {
    test(`${source} decodes`, () => {
      expect(tokenize(source)).toEqual([{ kind: 'string', value, start: 0, end: source.length }]);
    });
  }
});

describe('names, numbers, operators', () => {
  test('names fold, quoted ones too, and keep doubled quotes', () => {
    expect(kinds('Foo "Bar" "a""B" _x$1 #Tmp')).toEqual([
      'word:foo',
      'quoted:bar',
      'quoted:a"b',
      'word:_x$1',
      'word:#tmp',
    ]);
  });
  test('names are cut at 127 bytes on a character boundary', () => {
    expect(tokenize('a'.repeat(300))[0].value).toBe('a'.repeat(127));
    expect(tokenize(`"${'é'.repeat(100)}"`)[0].value).toBe('é'.repeat(63));
  });
  test('numbers', () => {
    expect(kinds('1 1.5 .5 2e5 3.1E-2 7.')).toEqual([
      'number:1',
      'number:1.5',
      'number:.5',
      'number:2e5',
      'number:3.1E-2',
      'number:7.',
    ]);
  });
  test('operators end where Postgres ends them', () => {
    expect(kinds('a<-1')).toEqual(['word:a', 'op:<', 'op:-', 'number:1']);
    expect(kinds('a!~~*b::int=>$1')).toEqual([
      'word:a',
      'op:!~~*',
      'word:b',
      'punct:::',
      'word:int',
      'op:=>',
      'param:1',
    ]);
    expect(kinds('3#5')).toEqual(['number:3', 'op:#', 'number:5']);
    expect(kinds('a#b')).toEqual(['word:a', 'op:#', 'word:b']);
  });
  test('comments vanish, block comments nest', () => {
    expect(kinds('a -- x\n/* b /* c */ d */ e')).toEqual(['word:a', 'word:e']);
    expect(kinds('1 --')).toEqual(['number:1']);
  });
});

describe('errors', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ["select 'abc", 'unterminated quoted string', 8],
    ["select 'abc\\'", 'unterminated quoted string', 8],
    ['select "abc', 'unterminated quoted identifier', 8],
    ['select /* abc', 'unterminated /* comment', 8],
    ['select $$abc', 'unterminated dollar-quoted string', 8],
    ['select ""', 'zero-length delimited identifier', 8],
    ['select {x}', 'syntax error at or near "{"', 8],
  ];
  for (const [text, message, position] of cases) {
    test(text, () => {
      const error = errorOf(() => tokenize(text));
      expect(error.sqlstate).toBe('42601');
      expect(error.message).toContain(message);
      expect(error.position).toBe(position);
    });
  }
  test('NUL and broken UTF-8 are encoding errors', () => {
    expect(errorOf(() => tokenize('select \0')).sqlstate).toBe('22021');
    expect(errorOf(() => tokenize(String.raw`select '\xff'`)).sqlstate).toBe('22021');
  });
});

test('statements split at top-level semicolons and empty ones are dropped', () => {
  const lists = splitStatements(tokenize(";select 'a;b'; ;; select $$;$$;"));
  expect(lists.map((tokens) => tokens.map((t) => t.value))).toEqual([
    ['select', 'a;b'],
    ['select', ';'],
  ]);
});
