/**
 * Scans: filters run in the scan, and conditions `column <op> constant` become range predicates that let storage skip
 * row groups by their zone maps. A range predicate may keep too much, never too little: a cast around the column is
 * looked through only when it is monotone and the constant can be carried back to the column's type.
 */
import type { BoundExpr, CompareOp, ConstValue } from '../../expressions/bound.ts';
import { ROW_ADDRESS_ATTNUM } from '../../expressions/relation.ts';
import type { Rel } from '../../expressions/relation.ts';
import { PackedList } from '../../types/packed-list.ts';
import { isInteger, isString, physOf, sameType } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { comparedText } from '../../types/value-list.ts';
import type { TableObject } from '../catalog/objects.ts';
import type { Distribution, PlanNode, RangePredicate } from '../plan/plan.ts';
import type { Needed, Planner } from './context.ts';
import { scanCost } from './cost.ts';
import { operatorCount } from './expression.ts';
import { evaluatedOnce } from './nodes.ts';
import { andSelectivity, clampRows, columnProfile, tableRows, typeWidth, widthOf } from './statistics.ts';

type RangeOp = RangePredicate['op'];
type GetRel = Extract<Rel, { kind: 'get' }>;
type VirtualRel = Extract<Rel, { kind: 'virtual' }>;

const FLIPPED: Readonly<Record<CompareOp, CompareOp>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const MICROS_PER_DAY = 86_400_000_000n;
/** Rows assumed of a system view or table function, unless it is known to have more. */
const VIRTUAL_ROWS = 1000;
/** Longer series are made by a slice, and so are those whose bounds the plan does not know. */
const SERIES_ON_LEADER_ROWS_MAX = 10_000;
const INT_RANGE: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int2: [-32768n, 32767n],
  int4: [-2147483648n, 2147483647n],
  date: [-2147483648n, 2147483647n],
  int8: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** How many units of `to` one unit of `from` is, for exact monotone casts between integer-like types. */
function castFactor(from: SqlType, to: SqlType): bigint | undefined {
  if (isInteger(from) && isInteger(to)) return 1n;
  if (isInteger(from) && to.name === 'numeric') return 10n ** BigInt(to.scale ?? 0);
  if (from.name === 'numeric' && to.name === 'numeric') {
    const up = (to.scale ?? 0) - (from.scale ?? 0);
    return up >= 0 ? 10n ** BigInt(up) : undefined;
  }
  if (from.name === to.name && (physOf(from) === 'i32' || physOf(from) === 'i64')) return 1n;
  return from.name === 'date' && to.name === 'timestamp' ? MICROS_PER_DAY : undefined;
}

const floorDiv = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n ? a / b - 1n : a / b);

/** `column*factor <op> value` as a test of the column itself. */
function carriedBack(op: RangeOp, value: bigint, factor: bigint): readonly [RangeOp, bigint] | undefined {
  const floor = floorDiv(value, factor);
  if (floor * factor === value) return [op, floor];
  if (op === '=') return undefined;
  return [op === '<' || op === '<=' ? '<=' : '>', floor];
}

function asConst(type: SqlType, value: bigint): BoundExpr | undefined {
  const range = INT_RANGE[type.name];
  if (range !== undefined && (value < range[0] || value > range[1])) return undefined;
  return { kind: 'const', type, value: physOf(type) === 'i32' ? Number(value) : value };
}

function stringRange(column: SqlType, op: RangeOp, value: ConstValue): readonly [RangeOp, BoundExpr] | undefined {
  if (typeof value !== 'string' || (column.name === 'char' && value.endsWith(' '))) return undefined;
  return [op, { kind: 'const', type: column, value }];
}

/** The test in terms of a column of type `column`, when the compared side is `side` (the column or a cast of it). */
function rangeValue(
  column: SqlType,
  side: BoundExpr,
  op: RangeOp,
  fixed: BoundExpr,
): readonly [RangeOp, BoundExpr] | undefined {
  // Zone maps see the first bytes without blanks at the end, which say nothing of the order of VARBYTE.
  if (column.name === 'varbyte') return undefined;
  if (fixed.kind === 'param') return side.kind === 'column' && sameType(column, fixed.type) ? [op, fixed] : undefined;
  if (fixed.kind !== 'const' || fixed.value === null) return undefined;
  const { value } = fixed;
  if (isString(column))
    return isString(side.type) && column.collation === side.type.collation
      ? stringRange(column, op, value)
      : undefined;
  if (side.kind === 'column' && sameType(column, fixed.type)) return [op, fixed];
  const whole = typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value as number) : undefined;
  const phys = physOf(side.type);
  if (whole === undefined || phys === 'f32' || phys === 'f64') return undefined;
  const own = castFactor(column, side.type);
  const same = castFactor(fixed.type, side.type);
  if (own === undefined || same === undefined)
    return column.name !== 'numeric' && column.name === side.type.name && column.name === fixed.type.name
      ? [op, { ...fixed, type: column }]
      : undefined;
  const back = carriedBack(op, whole * same, own);
  const bound = back === undefined ? undefined : asConst(column, back[1]);
  return bound === undefined ? undefined : [back![0], bound];
}

function columnSide(expr: BoundExpr): Extract<BoundExpr, { kind: 'column' }> | undefined {
  if (expr.kind === 'column') return expr;
  return expr.kind === 'cast' && expr.arg.kind === 'column' ? expr.arg : undefined;
}

function compareConsts(a: ConstValue, b: ConstValue, isFolded: boolean): number {
  if (typeof a === 'string' && typeof b === 'string')
    return Buffer.compare(Buffer.from(comparedText(a, isFolded)), Buffer.from(comparedText(b, isFolded)));
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

type AddRange = (side: BoundExpr, op: RangeOp, fixed: BoundExpr) => void;

/** The conditions' range predicates. */
export function rangePredicates(rel: GetRel, filter: readonly BoundExpr[]): readonly RangePredicate[] {
  const out: RangePredicate[] = [];
  const add: AddRange = (side, op, fixed) => {
    const column = columnSide(side);
    const at = column === undefined ? -1 : rel.columns.findIndex((c) => c.id === column.id);
    if (at < 0 || rel.attnums[at]! < 0) return;
    const found = rangeValue(rel.columns[at]!.type, side, op, fixed);
    if (found !== undefined) out.push({ attnum: rel.attnums[at]!, op: found[0], value: found[1] });
  };
  for (const expr of filter) {
    if (expr.kind === 'compare' && expr.op !== '<>') {
      if (columnSide(expr.left) !== undefined) add(expr.left, expr.op, expr.right);
      else add(expr.right, FLIPPED[expr.op] as RangeOp, expr.left);
    } else if (expr.kind === 'inlist' && !expr.negated) {
      if (expr.items instanceof PackedList) addBounds(expr.arg, expr.items, add);
      else if (expr.items.length === 1) add(expr.arg, '=', expr.items[0]!);
      else if (expr.items.every((i) => i.kind === 'const')) addList(expr.arg, expr.items, add);
    }
  }
  return out;
}

function addBounds(arg: BoundExpr, { bounds }: PackedList, add: AddRange): void {
  if (bounds === undefined) return;
  add(arg, '>=', { kind: 'const', type: arg.type, value: bounds[0] });
  add(arg, '<=', { kind: 'const', type: arg.type, value: bounds[1] });
}

function addList(arg: BoundExpr, items: readonly BoundExpr[], add: AddRange): void {
  const consts = items
    .filter((i) => i.kind === 'const')
    .filter((i) => i.value !== null && typeof i.value !== 'object');
  if (consts.length === 0) return;
  const isFolded = arg.type.collation !== undefined;
  let [least, most] = [consts[0]!, consts[0]!];
  for (const c of consts) {
    if (compareConsts(c.value, least.value, isFolded) < 0) least = c;
    if (compareConsts(c.value, most.value, isFolded) > 0) most = c;
  }
  add(arg, '>=', least);
  add(arg, '<=', most);
}

function tableDistribution(table: TableObject, rel: GetRel, planner: Planner): Distribution {
  if (table.effectiveDiststyle === 'all') return { kind: 'all' };
  if (table.effectiveDiststyle === 'even' || table.distkey === undefined) return { kind: 'even' };
  const at = rel.attnums.indexOf(table.distkey);
  // A column nobody uses: a name of its own that no join key equals.
  return { kind: 'key', keys: [at >= 0 ? rel.columns[at]!.id : planner.context.nextColId()] };
}

export function planScan(planner: Planner, rel: GetRel, filter: readonly BoundExpr[], needed: Needed): PlanNode {
  const table = planner.context.table(rel.tableId);
  const total = tableRows(table, planner.context.rowCountOf(rel.tableId));
  if (table.statistics === undefined) planner.missingStatistics.add(table.name);
  rel.columns.forEach((c, i) => planner.profiles.set(c.id, columnProfile(table, rel.attnums[i]!, total)));
  const target = rel.attnums.includes(ROW_ADDRESS_ATTNUM);
  const home = tableDistribution(table, rel, planner);
  const allOwners = target && home.kind === 'all';
  const operators = filter.reduce((n, f) => n + operatorCount(f), 0);
  const node: PlanNode = {
    kind: 'scan',
    tableId: rel.tableId,
    tableName: table.name,
    alias: rel.alias,
    columns: rel.columns,
    attnums: rel.attnums,
    filter,
    ranges: rangePredicates(rel, filter),
    rows: clampRows(total * andSelectivity(filter, planner.profiles)),
    width: widthOf(
      rel.columns.filter((c, i) => needed.has(c.id) && rel.attnums[i]! > 0),
      planner.profiles,
    ),
    ...scanCost(total, operators),
    distribution: allOwners ? { kind: 'even' } : home,
    ...(allOwners ? { allOwners } : {}),
  };
  if (target) planner.pinned.add(node);
  return evaluatedOnce(planner, node, filter);
}

export function planVirtualScan(planner: Planner, rel: VirtualRel, filter: readonly BoundExpr[]): PlanNode {
  const size = planner.context.viewSize(rel.name);
  const total = rel.name === 'generate_series' ? seriesRows(rel.args) : Math.max(VIRTUAL_ROWS, size?.rows ?? 0);
  for (const c of rel.columns) {
    const distinct = size?.distinct(c.name);
    planner.profiles.set(c.id, { distinct, nullFraction: undefined, width: typeWidth(c.type) });
  }
  const operators = filter.reduce((n, f) => n + operatorCount(f), 0);
  const isLong = rel.name === 'generate_series' && (total ?? Infinity) > SERIES_ON_LEADER_ROWS_MAX;
  const onSlices = isLong && !planner.context.callsHost();
  const rows = total ?? VIRTUAL_ROWS;
  return {
    kind: 'virtual-scan',
    name: rel.name,
    alias: rel.alias,
    args: rel.args,
    columns: rel.columns,
    filter,
    rows: clampRows(rows * andSelectivity(filter, planner.profiles)),
    width: widthOf(rel.columns, planner.profiles),
    ...scanCost(rows, operators),
    distribution: { kind: onSlices ? 'single' : 'leader' },
  };
}

/** Rows between the bounds of a series; undefined when they are not known yet. */
function seriesRows(args: readonly BoundExpr[]): number | undefined {
  const values = args.map((a) => (a.kind === 'const' && a.value !== null ? Number(a.value) : undefined));
  const [start, stop, step = args.length < 3 ? 1 : undefined] = values;
  if (start === undefined || stop === undefined || step === undefined || step === 0) return undefined;
  return Math.max(0, Math.floor((stop - start) / step) + 1);
}
