/**
 * VALUES lists: literals stay fields, expressions of one shape share one projection, several shapes are told apart.
 */
import { expect, test } from 'vitest';
import type { BoundExpr } from '../../expressions/bound.ts';
import { INT4, INT8 } from '../../types/sql-type.ts';
import { literalRows } from './literal-rows.ts';

const int = (value: number): BoundExpr => ({ kind: 'const', type: INT4, value });
const wide = (arg: BoundExpr): BoundExpr => ({ kind: 'cast', type: INT8, arg, mode: 'assignment' });
const columns = [
  { id: 1, name: 'a', type: INT4 },
  { id: 2, name: 'b', type: INT8 },
];
const ids = (): (() => number) => {
  let next = 10;
  return () => next++;
};

test('literals are fields, casts of literals share one expression', () => {
  const made = literalRows(
    columns,
    [
      [int(1), wide(int(5))],
      [int(2), wide(int(6))],
    ],
    ids(),
  );
  expect(made.fields.map((f) => f.id)).toEqual([1, 10]);
  expect(made.rows).toEqual([
    [int(1), int(5)],
    [int(2), int(6)],
  ]);
  expect(made.computed).toEqual([{ column: columns[1], expr: wide({ kind: 'column', type: INT4, id: 10 }) }]);
});

test('two shapes are chosen by a selector, and a row fills only its own fields', () => {
  const negative: BoundExpr = { kind: 'neg', type: INT8, arg: wide(int(7)) };
  const made = literalRows(columns.slice(1), [[wide(int(5))], [negative]], ids());
  const expr = made.computed[0]!.expr;
  expect(expr.kind).toBe('case');
  const selector = made.fields.length - 1;
  expect(made.rows.map((r) => r[selector])).toEqual([int(0), int(1)]);
  expect(made.rows.map((r) => r[0])).toEqual([int(5), int(7)]);
});
