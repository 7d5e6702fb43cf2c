/**
 * The rows of INSERT ... VALUES as data, where each is constants alone once parameters have their values: such rows are
 * written without segments (scheduler/insert-constants.ts). Identity values are given out here.
 */
import { RUNTIME_ERRORS } from '../../common/errors/runtime-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { Steps } from '../../common/steps.ts';
import type { BoundExpr, ConstValue } from '../../expressions/bound.ts';
import { foldExpr } from '../../expressions/fold.ts';
import type { BoundStatement } from '../../expressions/relation.ts';
import { mapChildren, someExpr } from '../../expressions/walk.ts';
import { ColumnValues, PackedRows } from '../../types/packed-rows.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { liveColumns, type CatalogColumn, type TableObject } from '../catalog/objects.ts';
import { canHash } from '../scheduler/distribution-hash.ts';
import { identityBlock } from '../transaction/identity.ts';
import type { TransactionManager } from '../transaction/types.ts';

type Parameters = readonly { readonly type: SqlType; readonly value: ConstValue }[];
type Insert = Extract<BoundStatement, { kind: 'insert' }>;

/** Rows between two steps. */
const PIECE = 256;
/** RUNTIME_ERRORS' number of a NULL where none may be. */
const NOT_NULL = 19;

/** Undefined when the statement's rows are not constants alone, or cannot be placed by the leader. */
export function* constantRows(
  statement: Insert,
  table: TableObject,
  parameters: Parameters,
): Steps<PackedRows | undefined> {
  const { rel } = statement;
  const columns = liveColumns(table);
  const key = table.effectiveDiststyle === 'key' ? columns.find((c) => c.attnum === table.distkey) : undefined;
  if (rel.kind !== 'values' || (key !== undefined && !canHash(key.type))) return undefined;
  if (rel.packed !== undefined) return rel.packed;
  const made = columns.map((c) => new ColumnValues(c.type, rel.rows.length));
  for (const [r, row] of rel.rows.entries()) {
    for (const [i, e] of row.entries()) {
      if (isIdentity(e)) {
        // All of a column or none: values given beside made ones are left to segments.
        if (r > 0 && !isIdentity(rel.rows[0]![i]!)) return undefined;
        continue;
      }
      if (r > 0 && isIdentity(rel.rows[0]![i]!)) return undefined;
      const value = constantOf(e, parameters);
      if (value === undefined) return undefined;
      made[i]!.set(r, value.value);
    }
    if (r % PIECE === PIECE - 1) yield;
  }
  const identities = (rel.rows[0] ?? []).flatMap((e, i) => (isIdentity(e) ? [i] : []));
  return new PackedRows(made, rel.rows.length, identities);
}

function isIdentity(e: BoundExpr): boolean {
  const inner = e.kind === 'cast' ? e.arg : e;
  return inner.kind === 'call' && inner.name === 'identity_next';
}

type Const = Extract<BoundExpr, { kind: 'const' }>;
function constantOf(e: BoundExpr, parameters: Parameters): Const | undefined {
  if (e.kind === 'const') return e;
  if (someExpr(e, (x) => x.kind === 'call' || x.kind === 'subquery' || x.kind === 'column')) return undefined;
  const given = (x: BoundExpr): BoundExpr =>
    x.kind === 'param'
      ? { kind: 'const', type: x.type, value: parameters[x.index]?.value ?? null, cast: true }
      : mapChildren(x, given);
  try {
    const folded = foldExpr(given(e));
    return folded.kind === 'const' ? folded : undefined;
  } catch (error) {
    // The segment that computes it says what is wrong with it.
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

/** What emitted code would refuse. */
export function checkNulls(rows: PackedRows, columns: readonly CatalogColumn[]): void {
  for (const [i, column] of columns.entries()) {
    if (!column.notNull || rows.identities.includes(i) || rows.columns[i]!.nulls === undefined) continue;
    const { sqlstate, message, detail } = RUNTIME_ERRORS[NOT_NULL]!;
    throw new SqlError({ sqlstate, message: message.replace('$1', () => column.name), detail });
  }
}

/** Gives the rows their identity values. */
export function* placeIdentity(
  rows: PackedRows,
  table: TableObject,
  transactions: Pick<TransactionManager, 'nextIdentity'>,
): Steps<void> {
  for (const i of rows.identities) {
    const { first, step } = identityBlock(transactions, table, liveColumns(table)[i]!, rows.length);
    const values = rows.columns[i]!;
    for (let r = 0; r < rows.length; r++) {
      values.set(r, first + step * BigInt(r));
      if (r % PIECE === PIECE - 1) yield;
    }
  }
}
