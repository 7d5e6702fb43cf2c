/**
 * Expressions that read no table, evaluated on the leader and not as statements: what PL/pgSQL computes between its
 * statements. Constants and arithmetic are folded here and now; anything else is a leader segment, compiled once.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { foldExpr } from '../../expressions/fold.ts';
import type { BoundStatement, Rel } from '../../expressions/relation.ts';
import { mapChildren, someExpr } from '../../expressions/walk.ts';
import { readCell, readTextRows, type TextRow } from '../session/data-rows.ts';
import type { Session, TypedValue } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';
import type { StatementRunner } from './statement-runner.ts';

const ROWS = new WeakMap<BoundStatement, { readonly exprs: readonly BoundExpr[] | undefined }>();
/** The expressions of a query of one row without tables; undefined for any other. */
export function rowOf(bound: BoundStatement | undefined): readonly BoundExpr[] | undefined {
  if (bound?.kind !== 'select') return undefined;
  let known = ROWS.get(bound);
  if (known === undefined) {
    const exprs = expressionsOf(bound.rel);
    const reads = exprs?.some((e) => someExpr(e, (inner) => inner.kind === 'column')) === true;
    known = { exprs: reads ? undefined : exprs };
    ROWS.set(bound, known);
  }
  return known.exprs;
}
function expressionsOf(rel: Rel): readonly BoundExpr[] | undefined {
  if (rel.kind === 'values') return rel.rows.length === 1 ? rel.rows[0] : undefined;
  const isRow = rel.kind === 'project' && rel.input.kind === 'values' && rel.input.rows.length === 1;
  return isRow ? rel.exprs : undefined;
}

const given = (e: BoundExpr, parameters: readonly TypedValue[]): BoundExpr => {
  if (e.kind !== 'param') return mapChildren(e, (inner) => given(inner, parameters));
  return { kind: 'const', type: e.type, value: parameters[e.index]?.value ?? null, cast: true };
};

/** The value when folding gives it. */
export function foldedValue(e: BoundExpr, parameters: readonly TypedValue[]): TypedValue | undefined {
  const folded = foldExpr(given(e, parameters));
  return folded.kind === 'const' ? { type: folded.type, value: folded.value } : undefined;
}

/** Computes the expressions of a row: at once where folding does, else by a segment of the leader. */
export function valuesOf(
  runner: StatementRunner,
  session: Session,
  transaction: Transaction,
  exprs: readonly BoundExpr[],
  parameters: readonly TypedValue[],
): readonly TypedValue[] | Promise<readonly TypedValue[]> {
  const folded = exprs.map((e) => foldedValue(e, parameters));
  const all = folded.filter((v) => v !== undefined);
  return all.length === exprs.length ? all : computed(runner, session, transaction, exprs, parameters);
}
async function computed(
  runner: StatementRunner,
  session: Session,
  transaction: Transaction,
  exprs: readonly BoundExpr[],
  parameters: readonly TypedValue[],
): Promise<readonly TypedValue[]> {
  const rows: TextRow[] = [];
  const consumer = (chunk: Uint8Array): void => readTextRows(chunk, rows, 1);
  await runner.leaderRow(exprs, [], session, transaction, { parameters, consumer, ofServer: true });
  return exprs.map(({ type }, i) => {
    const cell = rows[0]![i]!;
    return { type, value: cell === null ? null : readCell(type, cell) };
  });
}
