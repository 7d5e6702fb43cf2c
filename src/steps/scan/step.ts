/**
 * The scan step's definition: its state is a chunk address and a base vector per column, and a selection mask.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import type { ColId } from '../../common/ids.ts';
import { columnsIn } from '../../expressions/columns-in.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Operation, SourcePlace, SourceStep } from '../definition.ts';
import { all } from '../filter/emit.ts';
import type { ColumnAccess, RowSet, StageEnv } from '../segment-code.ts';
import { baseVectors } from '../base-vectors.ts';
import { emitRangeScan, emitTableScan, type LateColumns, type ScanVector } from './emit.ts';
import { splitCondition } from './range-filter.ts';
import type { ScanSpec } from './spec.ts';

export const scan: SourceStep<ScanSpec> = {
  view: (spec) => ({
    kind: 'scan',
    label: spec.label,
    tableId: spec.table.tableId,
    tableName: spec.table.name,
  }),
  design: (code, spec) => {
    const mask = code.allocate(BATCH_ROWS + 64, 16);
    const rows = code.rowSet(true, 0);
    code.chunkFields = code.allocate(spec.columns.length * 4, 4);
    const { columns, accesses } = baseVectors(code, spec.columns);
    const vectors = accesses.map((access, i) => ({ access, rowAddress: spec.columns[i]!.attnum === -1 }));
    return {
      rows,
      columns,
      stores: [],
      hasFast: true,
      emit: (env, place) => {
        const rest = emitScan(env, { rows, mask, vectors, columns }, place);
        env.count(0, () => env.getState(rows.count));
        return rest;
      },
    };
  },
};

interface ScanCode {
  readonly rows: RowSet;
  /** State offset of the selection mask. */
  readonly mask: number;
  readonly vectors: readonly ScanVector[];
  readonly columns: ReadonlyMap<ColId, ColumnAccess>;
}

/** A table scan with the filter right behind it; by ranges on the encoded chunks where that can be. */
function emitScan(env: StageEnv, scan: ScanCode, place: SourcePlace): readonly Operation[] {
  const [first, ...others] = place.operations;
  const { rows, mask } = scan;
  const counter = place.preFilterStep;
  const late = (vectors: readonly ScanVector[]): LateColumns => ({
    vectors,
    filters: place.scanFilters.map((filter) => ({ filter, access: scan.columns.get(filter.key.id)! })),
  });
  if (first?.condition === undefined) {
    emitTableScan(env, rows, [], late(scan.vectors), undefined, counter);
    return place.operations;
  }
  const { condition } = first;
  env.withColumns(first.columns);
  const reads = (part: BoundExpr): ScanVector[] => {
    const read = new Set([...needed(part, first.columns)].map((id) => first.columns.get(id)));
    return scan.vectors.filter((v) => read.has(v.access));
  };
  const vectors = new Map<ColumnAccess, ScanVector>(scan.vectors.map((v) => [v.access, v]));
  if (env.fast) {
    const base = [...first.columns]
      .filter(([, a]) => vectors.has(a) && !vectors.get(a)!.rowAddress)
      .map(([id]) => id);
    const split = splitCondition(condition, new Set(base));
    if (split.ranges.length > 0) {
      const rest = split.rest.length > 0 ? all(split.rest) : undefined;
      const early = rest ? reads(rest) : [];
      const later = [...place.readBehind(first)];
      const accesses = new Set(later.flatMap((id) => [first.columns.get(id), scan.columns.get(id)]));
      const behind = scan.vectors.filter((v) => !early.includes(v) && accesses.has(v.access));
      const ranges = split.ranges.map((range) => ({ range, vector: vectors.get(first.columns.get(range.id)!)! }));
      emitRangeScan(env, rows, mask, ranges, early, late(behind), rest, counter);
      return others;
    }
  }
  const early = reads(condition);
  const behind = scan.vectors.filter((v) => !early.includes(v));
  emitTableScan(env, rows, early, late(behind), condition, counter);
  return others;
}

/** Columns a condition needs, through projections. */
function needed(condition: BoundExpr, columns: ReadonlyMap<ColId, ColumnAccess>): Set<ColId> {
  const out = new Set<ColId>();
  const visit = (e: BoundExpr): void => {
    const direct = new Set<ColId>();
    columnsIn(e, direct);
    for (const id of direct) {
      if (out.has(id)) continue;
      out.add(id);
      const access = columns.get(id);
      if (access?.kind === 'expr') visit(access.expr);
    }
  };
  visit(condition);
  return out;
}
