/**
 * Estimates: what is known of a column (ColumnProfile), how many rows a condition keeps, how many groups a grouping
 * makes. Numbers come from ANALYZE where it ran; otherwise PostgreSQL 8.0's defaults. Nothing here looks at rows.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr, CompareOp } from '../../expressions/bound.ts';
import { TYPE_INFO } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { TableObject } from '../catalog/objects.ts';
import { bareColumn } from './expression.ts';

export const EQUAL_SELECTIVITY = 0.005;
export const INEQUALITY_SELECTIVITY = 1 / 3;
export const RANGE_SELECTIVITY = 0.005;
export const MATCH_SELECTIVITY = 0.005;
export const NULL_SELECTIVITY = 0.005;
export const DISTINCT_DEFAULT = 200;
/** An analysed table that now holds more than this many times its rows is planned with the live count. */
const STALE_FACTOR = 2;

export interface ColumnProfile {
  /** undefined = nothing known. */
  readonly distinct: number | undefined;
  readonly nullFraction: number | undefined;
  readonly width: number;
  readonly min?: number;
  readonly max?: number;
}
export type Profiles = ReadonlyMap<ColId, ColumnProfile>;

export const clampRows = (rows: number): number => Math.max(1, Math.round(rows));

export function tableRows(table: TableObject, liveRows: number): number {
  const known = table.statistics;
  if (known === undefined) return clampRows(liveRows);
  return clampRows(liveRows > known.rowCount * STALE_FACTOR ? liveRows : known.rowCount);
}

/** Average bytes of a value when nothing better is known. */
export function typeWidth(type: SqlType): number {
  const size = TYPE_INFO[type.name].size;
  if (size > 0) return size;
  if (type.name === 'numeric') return (type.precision ?? 18) > 19 ? 16 : 8;
  const length = type.length ?? 32;
  if (length <= 32 || type.name === 'char') return length;
  return length < 1000 ? 32 + (length - 32) / 2 : 32 + (1000 - 32) / 2;
}

export function columnProfile(table: TableObject, attnum: number, rows: number): ColumnProfile {
  const column = table.columns.find((c) => c.attnum === attnum);
  const type: SqlType = column?.type ?? { name: 'int8' };
  const known = table.statistics?.columns.find((c) => c.attnum === attnum);
  const unique =
    attnum < 0 ||
    table.constraints.some((c) => c.kind !== 'foreign' && c.attnums.length === 1 && c.attnums[0] === attnum);
  if (known === undefined) {
    const distinct = unique ? rows : type.name === 'bool' ? 2 : rows < DISTINCT_DEFAULT ? rows : undefined;
    return { distinct, nullFraction: column?.notNull ? 0 : undefined, width: typeWidth(type) };
  }
  const grown = rows / Math.max(1, table.statistics!.rowCount);
  const nearlyUnique = known.distinctCount > table.statistics!.rowCount * 0.1;
  return {
    distinct: Math.max(1, nearlyUnique ? known.distinctCount * grown : known.distinctCount),
    nullFraction: known.nullFraction,
    width: known.averageWidth,
    min: known.min,
    max: known.max,
  };
}

export const widthOf = (
  columns: readonly { readonly id: ColId; readonly type: SqlType }[],
  profiles: Profiles,
): number => Math.round(columns.reduce((sum, c) => sum + (profiles.get(c.id)?.width ?? typeWidth(c.type)), 0));

/** Profile of a computed column. */
export function exprProfile(expr: BoundExpr, profiles: Profiles): ColumnProfile {
  const column = expr.kind === 'column' ? profiles.get(expr.id) : undefined;
  if (column !== undefined) return column;
  const under = bareColumn(expr);
  const known = under === undefined ? undefined : profiles.get(under.id);
  if (known !== undefined) return { ...known, width: Math.min(known.width, typeWidth(expr.type)) };
  return { distinct: distinctOf(expr, profiles), nullFraction: undefined, width: typeWidth(expr.type) };
}

/** Distinct values of an expression; undefined when unknown. */
export function distinctOf(expr: BoundExpr, profiles: Profiles): number | undefined {
  switch (expr.kind) {
    case 'const':
    case 'param':
      return 1;
    case 'column':
      return profiles.get(expr.id)?.distinct;
    case 'cast':
    case 'trycast':
    case 'neg':
      return distinctOf(expr.arg, profiles);
    case 'isnull':
    case 'istest':
    case 'compare':
    case 'and':
    case 'or':
    case 'not':
    case 'inlist':
      return 2;
    case 'case':
      return expr.whens.length + 1;
    case 'arith': {
      if (expr.right.kind === 'const') return distinctOf(expr.left, profiles);
      return expr.left.kind === 'const' ? distinctOf(expr.right, profiles) : undefined;
    }
    default:
      return undefined;
  }
}

export function groupCount(exprs: readonly BoundExpr[], rows: number, profiles: Profiles): number {
  if (exprs.length === 0) return 1;
  let groups = 1;
  for (const expr of exprs) {
    groups *= Math.max(1, distinctOf(expr, profiles) ?? DISTINCT_DEFAULT);
    if (groups > rows) break;
  }
  return clampRows(Math.min(groups, rows));
}

/** A constant on the number line of ColumnStatistics.min and max. */
function numericView(expr: BoundExpr): number | undefined {
  if (expr.kind === 'cast') return numericView(expr.arg);
  if (expr.kind !== 'const' || expr.value === null) return undefined;
  if (typeof expr.value === 'number') return expr.value;
  if (typeof expr.value !== 'bigint') return undefined;
  return expr.type.name === 'numeric' ? Number(expr.value) / 10 ** (expr.type.scale ?? 0) : Number(expr.value);
}

const FLIPPED: Readonly<Record<CompareOp, CompareOp>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function columnBehind(expr: BoundExpr): ColId | undefined {
  if (expr.kind === 'column') return expr.id;
  return expr.kind === 'cast' ? columnBehind(expr.arg) : undefined;
}
const isFixed = (e: BoundExpr): boolean =>
  e.kind === 'const' || e.kind === 'param' || (e.kind === 'cast' && isFixed(e.arg));

/** Share of the non-null values below (or above) a constant; undefined without a known range. */
function rangeShare(
  profile: ColumnProfile | undefined,
  op: CompareOp,
  value: number | undefined,
): number | undefined {
  if (profile?.min === undefined || profile.max === undefined || value === undefined) return undefined;
  const { min, max } = profile;
  const below = max === min ? (value < min ? 0 : value > max ? 1 : 0.5) : (value - min) / (max - min);
  const share = op === '<' || op === '<=' ? below : 1 - below;
  return Math.min(1, Math.max(0.0001, share));
}

function compareSelectivity(expr: Extract<BoundExpr, { kind: 'compare' }>, profiles: Profiles): number {
  let { left, right, op } = expr;
  if (isFixed(left) && !isFixed(right)) [left, right, op] = [right, left, FLIPPED[op]];
  const id = columnBehind(left);
  const profile = id === undefined ? undefined : profiles.get(id);
  const present = 1 - (profile?.nullFraction ?? 0);
  if (op === '=' || op === '<>') {
    const distinct = profile?.distinct ?? (isFixed(right) ? distinctOf(left, profiles) : undefined);
    const other = isFixed(right) ? 1 : (distinctOf(right, profiles) ?? 1);
    const equal = distinct === undefined ? EQUAL_SELECTIVITY : present / Math.max(1, distinct, other);
    return op === '=' ? equal : Math.max(0, present - equal);
  }
  const share = isFixed(right) ? rangeShare(profile, op, numericView(right)) : undefined;
  return share === undefined ? INEQUALITY_SELECTIVITY : share * present;
}

/** LIKE and the regular expression operators: one fifth per fixed character, five times per %. */
function matchSelectivity(pattern: BoundExpr | undefined): number {
  if (pattern?.kind !== 'const' || typeof pattern.value !== 'string') return MATCH_SELECTIVITY;
  let share = 1;
  for (const c of pattern.value) {
    if (c === '%') share *= 5;
    else if (c === '_') share *= 0.9;
    else share *= 0.2;
  }
  return Math.min(1, Math.max(MATCH_SELECTIVITY / 50, share));
}

/** A condition `column <op> constant` that bounds one side of a range. */
function rangeBound(expr: BoundExpr): { readonly id: ColId; readonly low: boolean } | undefined {
  if (expr.kind !== 'compare' || expr.op === '=' || expr.op === '<>') return undefined;
  const turned = isFixed(expr.left);
  const id = columnBehind(turned ? expr.right : expr.left);
  if (id === undefined || !isFixed(turned ? expr.left : expr.right)) return undefined;
  return { id, low: (turned ? FLIPPED[expr.op] : expr.op).startsWith('>') };
}

/** AND of conditions, independent but for pairs of bounds on one column. */
export function andSelectivity(list: readonly BoundExpr[], profiles: Profiles): number {
  let share = 1;
  const bounds = new Map<ColId, { low?: number; high?: number }>();
  for (const expr of list) {
    const bound = rangeBound(expr);
    const own = selectivity(expr, profiles);
    if (bound === undefined) share *= own;
    else {
      const pair = bounds.get(bound.id) ?? {};
      const side = bound.low ? 'low' : 'high';
      pair[side] = Math.min(pair[side] ?? 1, own);
      bounds.set(bound.id, pair);
    }
  }
  for (const [id, { low, high }] of bounds) {
    if (low === undefined || high === undefined) share *= low ?? high ?? 1;
    else {
      const known = profiles.get(id)?.min !== undefined;
      const both = low + high - (1 - (profiles.get(id)?.nullFraction ?? 0));
      share *= known && both > 0 ? both : RANGE_SELECTIVITY;
    }
  }
  return share;
}

/** Share of rows for which a condition is true. */
export function selectivity(expr: BoundExpr, profiles: Profiles): number {
  switch (expr.kind) {
    case 'const':
      return expr.value === 1 ? 1 : 0;
    case 'column':
      return 0.5;
    case 'and':
      return andSelectivity(expr.args, profiles);
    case 'or':
      return expr.args.map((a) => selectivity(a, profiles)).reduce((a, b) => a + b - a * b);
    case 'not':
      return 1 - selectivity(expr.arg, profiles);
    case 'isnull': {
      const id = columnBehind(expr.arg);
      const nulls = (id === undefined ? undefined : profiles.get(id)?.nullFraction) ?? NULL_SELECTIVITY;
      return expr.negated ? 1 - nulls : nulls;
    }
    case 'istest': {
      const own =
        expr.test === 'unknown'
          ? NULL_SELECTIVITY
          : expr.test === 'true'
            ? selectivity(expr.arg, profiles)
            : 1 - selectivity(expr.arg, profiles);
      return expr.negated ? 1 - own : own;
    }
    case 'compare':
      return compareSelectivity(expr, profiles);
    case 'inlist': {
      const distinct = distinctOf(expr.arg, profiles);
      const one = distinct === undefined ? EQUAL_SELECTIVITY : 1 / Math.max(1, distinct);
      const share = Math.min(1, one * expr.items.length);
      return expr.negated ? 1 - share : share;
    }
    case 'call':
      return /like|similar|regex|~/.test(expr.name) ? matchSelectivity(expr.args[1]) : INEQUALITY_SELECTIVITY;
    default:
      return 0.5;
  }
}

/** Equality of two expressions over different relations: one over the larger number of distinct values. */
export function joinKeySelectivity(left: BoundExpr, right: BoundExpr, profiles: Profiles): number {
  const [a, b] = [distinctOf(left, profiles), distinctOf(right, profiles)];
  const present = (e: BoundExpr): number => {
    const id = columnBehind(e);
    return 1 - ((id === undefined ? undefined : profiles.get(id)?.nullFraction) ?? 0);
  };
  const distinct = Math.max(a ?? DISTINCT_DEFAULT, b ?? DISTINCT_DEFAULT, 1);
  return (present(left) * present(right)) / distinct;
}

/** Share of outer rows that find a partner: the inner side's distinct values over the outer's. */
export function semiJoinSelectivity(
  outer: BoundExpr,
  inner: BoundExpr,
  innerRows: number,
  profiles: Profiles,
): number {
  const a = distinctOf(outer, profiles);
  const b = Math.min(distinctOf(inner, profiles) ?? DISTINCT_DEFAULT, innerRows);
  return a === undefined ? 0.5 : Math.min(1, b / Math.max(1, a));
}
