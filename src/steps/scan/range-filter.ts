/**
 * The scan's quick selection: comparisons of an integer-like column with a literal become one range per column, tested
 * on the encoded chunk by a kernel, 16 rows at a time, without decoding. Used in the fast variant only (the row group
 * holds no NULL); what is left of the condition runs row by row on what the ranges let through.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { physOf } from '../../types/sql-type.ts';
import { STATE, type RowSet, type StageEnv } from '../segment-code.ts';
import type { ScanVector } from './emit.ts';

interface Bound {
  readonly op: '=' | '<' | '<=' | '>' | '>=';
  readonly value: Extract<BoundExpr, { kind: 'param' }>;
}
export interface ColumnRange {
  readonly id: ColId;
  readonly bounds: readonly Bound[];
}
export interface SplitCondition {
  readonly ranges: readonly ColumnRange[];
  readonly rest: readonly BoundExpr[];
}

const MIRROR = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
const isIntegerLike = (e: BoundExpr): boolean => {
  const phys = physOf(e.type);
  return (phys === 'i32' || phys === 'i64') && e.type.name !== 'bool';
};

/** A comparison as (column, bound); literals have become parameters with a negative index by now. */
function asBound(e: BoundExpr, ids: ReadonlySet<ColId>): { readonly id: ColId; readonly bound: Bound } | undefined {
  if (e.kind !== 'compare' || e.op === '<>') return undefined;
  const [column, value, op] = e.left.kind === 'column' ? [e.left, e.right, e.op] : [e.right, e.left, MIRROR[e.op]];
  if (column.kind !== 'column' || value.kind !== 'param' || value.index >= 0 || !ids.has(column.id)) return undefined;
  return isIntegerLike(column) && isIntegerLike(value) ? { id: column.id, bound: { op, value } } : undefined;
}

export function splitCondition(condition: BoundExpr, ids: ReadonlySet<ColId>): SplitCondition {
  const ranges = new Map<ColId, Bound[]>();
  const rest: BoundExpr[] = [];
  for (const e of condition.kind === 'and' ? condition.args : [condition]) {
    const hit = asBound(e, ids);
    if (!hit) rest.push(e);
    else ranges.set(hit.id, [...(ranges.get(hit.id) ?? []), hit.bound]);
  }
  return { ranges: [...ranges].map(([id, bounds]) => ({ id, bounds })), rest };
}

/** Bounds of one column as two i64 locals, computed once per stage call. */
function rangeLocals(env: StageEnv, range: ColumnRange): { readonly low: number; readonly high: number } {
  const { fb } = env;
  const low = fb.local('i64');
  const high = fb.local('i64');
  const values = range.bounds.map((b) => ({
    op: b.op,
    value: env.parameter(env.paramSlot(b.value.type, b.value.index), b.value.type),
  }));
  fb.prologue(() => {
    fb.i64_const(-0x8000000000000000n);
    fb.set(low);
    fb.i64_const(0x7fffffffffffffffn);
    fb.set(high);
    for (const { op, value } of values) {
      if (op !== '<' && op !== '<=')
        tighten(env, low, () => env.pushAs(value, 'i64'), op === '>' ? 1n : 0n, 'i64_gt_s');
      if (op !== '>' && op !== '>=')
        tighten(env, high, () => env.pushAs(value, 'i64'), op === '<' ? -1n : 0n, 'i64_lt_s');
    }
  });
  return { low, high };
}
/** limit = the tighter of limit and value + step. */
function tighten(
  env: StageEnv,
  limit: number,
  push: () => void,
  step: bigint,
  tighter: 'i64_gt_s' | 'i64_lt_s',
): void {
  const { fb } = env;
  const candidate = fb.local('i64');
  push();
  if (step !== 0n) {
    fb.i64_const(step);
    fb.do('i64_add');
  }
  fb.set(candidate);
  fb.get(candidate);
  fb.get(limit);
  fb.get(candidate);
  fb.get(limit);
  fb.do(tighter);
  fb.select();
  fb.set(limit);
}

/** rows.selection = the visible rows inside every range; `mask` is a state offset of BATCH_ROWS + 64 bytes. */
export function emitRangeSelection(
  env: StageEnv,
  rows: RowSet,
  mask: number,
  ranges: readonly { readonly range: ColumnRange; readonly vector: ScanVector }[],
  position: number,
  n: number,
): number {
  const { fb } = env;
  const kept = fb.local('i32');
  const address = (offset: number): void => {
    fb.get(env.ctx);
    fb.i32_const(offset);
    fb.do('i32_add');
  };
  for (const [i, { range, vector }] of ranges.entries()) {
    const { low, high } = rangeLocals(env, range);
    fb.get(env.ctx);
    fb.mem('i32_load', env.code.chunkFields + vector.access.scanIndex * 4);
    fb.get(position);
    fb.get(n);
    fb.get(low);
    fb.get(high);
    address(mask);
    fb.i32_const(i === 0 ? 1 : 0);
    address(vector.access.values);
    fb.call(env.kernel('chunk_range', ['i32', 'i32', 'i32', 'i64', 'i64', 'i32', 'i32', 'i32'], []));
  }
  env.getState(STATE.INVISIBLE);
  fb.if_(() => {
    address(mask);
    env.getState(STATE.INVISIBLE);
    fb.get(position);
    fb.do('i32_add');
    fb.get(n);
    fb.call(env.kernel('mask_hide', ['i32', 'i32', 'i32'], []));
  });
  address(mask);
  fb.get(n);
  address(rows.selection);
  fb.call(env.kernel('mask_select', ['i32', 'i32', 'i32'], ['i32']));
  fb.set(kept);
  return kept;
}
