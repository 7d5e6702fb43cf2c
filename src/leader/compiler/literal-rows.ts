/**
 * Rows of a VALUES list as literals plus a projection. What the host places in tuples are constants and parameters only;
 * expressions over them (casts, arithmetic, functions) are evaluated by the segment. Rows whose expressions differ only
 * in their literals share one expression over literal fields; a column with several such shapes gets a selector field
 * and a CASE over it, so that a row evaluates nothing but its own expression. Called by the cutter.
 */
import type { ColId } from '../../common/ids.ts';
import { atOnce, type Steps } from '../../common/steps.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import { compare, likenessKey, mapChildren, typeKey } from '../../expressions/walk.ts';
import { BOOL, INT4, type SqlType } from '../../types/sql-type.ts';

export interface LiteralRows {
  /** Fields of the tuples, one literal each per row. */
  readonly fields: readonly ColumnRef[];
  readonly rows: readonly (readonly BoundExpr[])[];
  /** Columns that are not a field themselves. */
  readonly computed: readonly { readonly column: ColumnRef; readonly expr: BoundExpr }[];
}

const isLiteral = (e: BoundExpr): boolean => e.kind === 'const' || e.kind === 'param';

/** Rows between two steps. */
const PIECE = 256;

/** At once, for those who wait for nothing else. */
export const literalRows = (
  columns: readonly ColumnRef[],
  rows: readonly (readonly BoundExpr[])[],
  nextColId: () => ColId,
): LiteralRows => atOnce(placedLiterals(columns, rows, nextColId));

/** In steps of some rows of a column. */
export function* placedLiterals(
  columns: readonly ColumnRef[],
  rows: readonly (readonly BoundExpr[])[],
  nextColId: () => ColId,
): Steps<LiteralRows> {
  const fields: ColumnRef[] = [];
  const literals: BoundExpr[][] = rows.map(() => []);
  const computed: { column: ColumnRef; expr: BoundExpr }[] = [];
  for (const [i, column] of columns.entries()) {
    const exprs = rows.map((r) => r[i]!);
    if (exprs.every(isLiteral)) {
      exprs.forEach((e, row) => (literals[row]![fields.length] = e));
      fields.push(column);
    } else computed.push({ column, expr: yield* shapesOf(column, exprs, fields, literals, nextColId) });
    yield;
  }
  const filled = literals.map((row) => fields.map((f, i) => row[i] ?? nullOf(f.type)));
  return { fields, rows: filled, computed };
}

const nullOf = (type: SqlType): BoundExpr => ({ kind: 'const', type, value: null });

/** One expression for a column of differing expressions; its literals become fields. */
function* shapesOf(
  column: ColumnRef,
  exprs: readonly BoundExpr[],
  fields: ColumnRef[],
  literals: readonly BoundExpr[][],
  nextColId: () => ColId,
): Steps<BoundExpr> {
  const slots = new Map<string, number>();
  const shapes = new Map<string, { readonly number: number; readonly expr: BoundExpr }>();
  const numbers: number[] = [];
  const newField = (type: SqlType): number => fields.push({ id: nextColId(), name: column.name, type }) - 1;
  for (const [row, e] of exprs.entries()) {
    let position = 0;
    const hollow = (x: BoundExpr): BoundExpr => {
      if (x.kind === 'inlist') return { ...x, arg: hollow(x.arg) };
      // Its arguments say whose sequence it draws from.
      if (x.kind === 'call' && x.name === 'identity_next') return x;
      if (!isLiteral(x)) return mapChildren(x, hollow);
      const key = `${position++}:${typeKey(x.type)}`;
      const slot = slots.get(key) ?? newField(x.type);
      slots.set(key, slot);
      literals[row]![slot] = x;
      return { kind: 'column', type: x.type, id: fields[slot]!.id };
    };
    const expr = hollow(e);
    const key = likenessKey(expr);
    const shape = shapes.get(key) ?? { number: shapes.size, expr };
    shapes.set(key, shape);
    numbers.push(shape.number);
    if (row % PIECE === PIECE - 1) yield;
  }
  const [first, ...others] = shapes.values();
  if (others.length === 0) return first!.expr;
  const selector = newField(INT4);
  numbers.forEach((n, row) => (literals[row]![selector] = { kind: 'const', type: INT4, value: n }));
  const chosen: BoundExpr = { kind: 'column', type: INT4, id: fields[selector]!.id };
  const whens = others.map((s) => ({
    when: { ...compare('=', chosen, { kind: 'const', type: INT4, value: s.number }), type: BOOL },
    then: s.expr,
  }));
  return { kind: 'case', type: column.type, whens, otherwise: first!.expr };
}
