/**
 * What is lifted out of a text as a list of literals, and what is not.
 */
import { expect, test } from 'vitest';
import { tokenize } from './lexer.ts';
import { literalExprs } from './literal-expr.ts';
import type { LiteralList } from './literal-list.ts';

const lifted = (text: string): LiteralList[] =>
  tokenize(text, false, 1).flatMap((t) => (t.literals === undefined ? [] : [t.literals]));
/** Values as the AST has them. */
const values = (text: string): unknown[] =>
  lifted(text).flatMap((l) =>
    literalExprs(l).map((e) => {
      if (e.kind === 'literal') return e.value;
      if (e.kind === 'unary' && e.arg.kind === 'number') return `-${e.arg.text}`;
      return e.kind === 'number' ? `+${e.text}` : e;
    }),
  );

test('literals of every kind, with blanks and comments between them', () => {
  expect(
    values(
      `a in ( 1,-2 , 3.5, .5, 1., 1e3,2E-2 , 'x','it''s' ,e'\\n', 'a'\n'b', /* c */ null, TRUE, False -- end\n)`,
    ),
  ).toEqual(['+1', '-2', '+3.5', '+.5', '+1.', '+1e3', '+2E-2', 'x', "it's", '\n', 'ab', null, true, false]);
});

test.each([
  'a in (1, b)',
  'a in (1 + 2, 3)',
  "a in ('x'::date)",
  'a in (1, $1)',
  'a in (default)',
  'a in (- 5)',
  'a in (1, 2',
  'a in (1,, 2)',
  'a in (1a)',
  'a in ()',
  'f(1, 2)',
  '"in" (1, 2)',
])('%s is lexed as usual', (text) => {
  expect(lifted(text)).toEqual([]);
});

test('where literals stand', () => {
  const [list] = lifted("select 1 where 'é' in ('a', -7)");
  expect([list.pos(0), list.pos(1)]).toEqual([23, 28]);
});

test('rows of VALUES of an INSERT become one list', () => {
  const [list, ...others] = lifted("insert into t (a, b) values (1, 'x'), (default, null) ;select 1");
  expect([list.length, list.width, others.length]).toEqual([4, 2, 0]);
});

test.each([
  'insert into t values (1, 2), (3)',
  'insert into t values (1, 2), (3, f(4))',
  'insert into t select * from (values (1, 2))',
  'select 1; values (1, 2)',
])('%s is lexed as usual', (text) => {
  expect(lifted(text)).toEqual([]);
});

test('a short list stays what it was', () => {
  expect(tokenize('a in (1, 2, 3)').map((t) => t.kind)).not.toContain('literals');
});

test('errors of strings in a list are those of the lexer', () => {
  expect(() => tokenize("a in ('x', 'y", false, 1)).toThrow(/unterminated/);
  expect(() => tokenize("a in ('x', '\\xff')", false, 1)).toThrow(/encoding/);
});
