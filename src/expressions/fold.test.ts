/**
 * Constant folding and the EXPLAIN text of expressions.
 */
import { describe, expect, it } from 'vitest';
import { BOOL, DATE, INT2, INT4, INT8, numeric, varchar, type SqlType } from '../types/sql-type.ts';
import type { BoundExpr, ConstValue } from './bound.ts';
import { foldCast, foldExpr } from './fold.ts';
import { printExpr } from './print.ts';
import { TRUE, compare, conjunction, not } from './walk.ts';

type Const = Extract<BoundExpr, { kind: 'const' }>;
const c = (type: SqlType, value: ConstValue): Const => ({ kind: 'const', type, value });
const col = (type: SqlType, id = 1): BoundExpr => ({ kind: 'column', type, id });
const arith = (op: '+' | '-' | '*' | '/' | '%', type: SqlType, left: BoundExpr, right: BoundExpr): BoundExpr => ({
  kind: 'arith',
  op,
  type,
  left,
  right,
});

describe('fold', () => {
  it('computes exactly and leaves errors to run time', () => {
    expect(foldExpr(arith('/', INT4, c(INT4, -7), c(INT4, 2)))).toEqual(c(INT4, -3));
    const overflow = arith('+', INT2, c(INT2, 32767), c(INT2, 1));
    expect(foldExpr(overflow)).toBe(overflow);
    const zero = arith('/', INT4, c(INT4, 1), c(INT4, 0));
    expect(foldExpr(zero)).toBe(zero);
    expect(foldExpr(arith('/', numeric(17, 9), c(numeric(8, 2), 100n), c(numeric(8, 2), 300n)))).toEqual(
      c(numeric(17, 9), 333333333n),
    );
    expect(foldExpr(arith('*', INT8, c(INT8, 3_000_000_000n), c(INT8, 3n)))).toEqual(c(INT8, 9_000_000_000n));
  });
  it('knows three-valued logic', () => {
    const unknown = c(BOOL, null);
    expect(foldExpr({ kind: 'or', type: BOOL, args: [unknown, TRUE] })).toEqual(TRUE);
    expect(foldExpr({ kind: 'and', type: BOOL, args: [unknown, TRUE] })).toEqual(unknown);
    expect(foldExpr(not(not(col(BOOL))))).toEqual(col(BOOL));
    expect(foldExpr(compare('=', c(varchar(3), 'a  '), c(varchar(3), 'a')))).toEqual(TRUE);
    expect(foldExpr(compare('<', c(INT4, null), c(INT4, 1)))).toEqual(unknown);
  });
  it('looks constants up in lists of constants', () => {
    const among = (value: ConstValue, items: readonly BoundExpr[], negated = false): BoundExpr =>
      foldExpr({ kind: 'inlist', type: BOOL, arg: c(INT4, value), items, negated });
    const [one, two, nothing] = [c(INT4, 1), c(INT4, 2), c(INT4, null)];
    expect(among(1, [two, one])).toEqual(TRUE);
    expect(among(1, [two, one], true)).toEqual(c(BOOL, 0));
    expect(among(3, [two, one])).toEqual(c(BOOL, 0));
    expect(among(3, [two, nothing])).toEqual(c(BOOL, null));
    expect(among(2, [two, nothing])).toEqual(TRUE);
    expect(among(null, [two, one])).toEqual(c(BOOL, null));
    expect(among(1, [one, col(INT4)]).kind).toBe('inlist');
  });
  it('casts constants with rounding half away from zero', () => {
    expect(foldCast(c(numeric(3, 1), -25n), INT4, 'implicit')?.value).toBe(-3);
    expect(foldCast(c(INT4, 70000), INT2, 'explicit')).toBeUndefined();
    expect(foldCast(c(varchar(9), 'größe'), varchar(3), 'explicit')?.value).toBe('gr');
    expect(foldCast(c(varchar(9), 'abcd'), varchar(3), 'assignment')).toBeUndefined();
    expect(foldCast(c(varchar(9), 'abc   '), varchar(3), 'assignment')?.value).toBe('abc');
  });
});

describe('print', () => {
  const name = (id: number): string => `c${id}`;
  it('prints as PostgreSQL 8.0 deparses', () => {
    expect(printExpr(compare('=', col(varchar(30)), c(varchar(1), "it's")), name)).toBe(
      "((c1)::text = 'it''s'::text)",
    );
    expect(printExpr(compare('=', col({ name: 'char', length: 2 }), c({ name: 'char' }, 'X')), name)).toBe(
      "(c1 = 'X'::bpchar)",
    );
    expect(
      printExpr(conjunction([compare('>', col(INT4), c(INT4, 1)), compare('<=', col(DATE, 2), c(DATE, 0))]), name),
    ).toBe("((c1 > 1) AND (c2 <= '2000-01-01'::date))");
    const items = Array.from({ length: 11 }, (_, i) => c(INT4, i));
    expect(printExpr({ kind: 'inlist', type: BOOL, arg: col(INT4), items, negated: false }, name)).toBe(
      "(c1 = ANY ('{0,1,2,3,4,5,6,7,8,9,10}'::integer[]))",
    );
  });
});
