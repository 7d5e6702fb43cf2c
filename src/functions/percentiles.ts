/**
 * Percentiles: of a group's rows in order only those count that stand where the percentile lies. What it lies between, and
 * where, comes from the number of values (kernels: percentile.ts).
 */
import type { BoundExpr, SortDirection } from '../expressions/bound.ts';
import { assert } from '../common/assert.ts';
import { ALLOCATION_BYTES_MAX } from '../common/limits.ts';
import { compare } from '../expressions/walk.ts';
import { FLOAT8, INT8, isInteger, numeric, physOf, varchar, type SqlType } from '../types/sql-type.ts';
import type {
  AggregateLowering,
  GroupPlace,
  PercentilePlace,
  PrimitiveCall,
  Signature,
  TypedWindowPart,
  WindowLowering,
} from './define.ts';
import { call, cast, int4 } from './expand-nodes.ts';
import { valueAt } from './window-parts.ts';

/** Shares are counted in billionths. */
const ONE = 1_000_000_000n;
const PLACES = 9;
/** Digits of a decimal between two. */
const PRECISION_MAX = 38;

/** A decimal has room for the places of the percentile behind its own, so that it is exact; a median's are one. */
function betweenType(args: readonly SqlType[]): SqlType {
  const value = args[args.length - 1]!;
  const places = args.length === 1 ? 1 : (args[0]!.scale ?? 0);
  const { precision, scale } = isInteger(value) ? numeric(19, 0) : value;
  return numeric(
    Math.min(PRECISION_MAX, (precision ?? 18) + places),
    Math.min(PRECISION_MAX - 1, (scale ?? 0) + places),
  );
}
const NAMES = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'date', 'timestamp', 'timestamptz'] as const;
/** Signatures of a function over what values can lie between, behind `first`. */
export const betweenSignatures = (first: Signature['args']): readonly Signature[] =>
  NAMES.map((name): Signature => ({
    args: [...first, name],
    returns:
      name === 'float4' || name === 'float8'
        ? { name: 'float8' }
        : name === 'numeric' || name.startsWith('int')
          ? betweenType
          : { name },
  }));

const at = (row: BoundExpr, place: GroupPlace, value: BoundExpr): PrimitiveCall => ({
  prim: 'any',
  arg: {
    kind: 'case',
    type: value.type,
    whens: [{ when: compare('=', place.row, row), then: value }],
    otherwise: { kind: 'const', type: value.type, value: null },
  },
  type: value.type,
});
const placed = (name: string, percentile: BoundExpr, rows: BoundExpr): BoundExpr =>
  call(name, 0, INT8, [percentile, rows]);
const decimal = (value: bigint, precision: number, scale: number): BoundExpr => ({
  kind: 'const',
  type: numeric(precision, scale),
  value,
});

const arith = (op: '+' | '-' | '*' | '/', type: SqlType, left: BoundExpr, right: BoundExpr): BoundExpr => ({
  kind: 'arith',
  type,
  op,
  left,
  right,
});

/** A percentile in billionths. */
function billionths(percentile: BoundExpr): BoundExpr {
  const exact = numeric(10, PLACES);
  return cast(arith('*', numeric(PRECISION_MAX, PLACES), cast(percentile, exact), decimal(ONE, 10, 0)), INT8);
}

/** low + share * (high - low). */
function between(low: BoundExpr, high: BoundExpr, share: BoundExpr, type: SqlType): BoundExpr {
  if (type.name === 'float8') {
    const [a, b] = [cast(low, type), cast(high, type)];
    const part = arith('/', type, cast(share, type), { kind: 'const', type: FLOAT8, value: Number(ONE) });
    const moved = arith('+', type, a, arith('*', type, part, arith('-', type, b, a)));
    // Infinities lie nowhere between.
    return { kind: 'case', type, whens: [{ when: compare('=', a, b), then: a }], otherwise: moved };
  }
  if (type.name !== 'numeric')
    return call('value_between', type.name === 'date' ? 0 : type.name === 'timestamp' ? 1 : 2, type, [
      low,
      high,
      share,
    ]);
  const scale = low.type.name === 'numeric' ? (low.type.scale ?? 0) : 0;
  const exact = numeric(PRECISION_MAX, scale);
  const far = numeric(PRECISION_MAX, Math.min(PRECISION_MAX - 1, scale + PLACES));
  const [a, b] = [cast(low, exact), cast(high, exact)];
  const billions = arith('*', exact, arith('-', exact, b, a), cast(share, numeric(10, 0)));
  const sum = arith('+', far, cast(a, far), arith('*', far, billions, decimal(1n, PLACES, PLACES)));
  return { kind: 'cast', type, arg: sum, mode: 'explicit', rounds: true };
}

export function percentileCont(
  percentile: BoundExpr,
  value: BoundExpr,
  type: SqlType,
  place: GroupPlace | undefined,
): AggregateLowering {
  assert(place !== undefined, 'a percentile is of rows in order');
  const p = billionths(percentile);
  return {
    partials: [
      at(placed('percentile_low', p, place.rows), place, value),
      at(placed('percentile_high', p, place.rows), place, value),
      { prim: 'any', arg: place.rows, type: INT8 },
    ],
    merge: ['any', 'any', 'any'],
    final: ([low, high, rows]) => between(low!, high!, placed('percentile_share', p, rows!), type),
  };
}
export function percentileDisc(
  percentile: BoundExpr,
  value: BoundExpr,
  place: GroupPlace | undefined,
): AggregateLowering {
  assert(place !== undefined, 'a percentile is of rows in order');
  const row = placed('percentile_row', billionths(percentile), place.rows);
  return { partials: [at(row, place, value)], merge: ['any'], final: ([found]) => found! };
}

/** A list of values of this type: no decimals of two words, and nothing that is no number. */
const hasLists = ({ name }: SqlType, phys: string): boolean =>
  (NAMES as readonly string[]).includes(name) && phys !== 'i128';
const LIST = varchar(ALLOCATION_BYTES_MAX);

/** The list of the values, and the two of them between which the percentile lies. */
function fromList(
  percentile: BoundExpr,
  value: BoundExpr,
  order: SortDirection,
  isDiscrete: boolean,
  final: (low: BoundExpr, high: BoundExpr, rows: BoundExpr) => BoundExpr,
): AggregateLowering | undefined {
  const phys = physOf(value.type);
  if (!hasLists(value.type, phys)) return undefined;
  const how = int4((order.descending ? 1 : 0) + (isDiscrete ? 2 : 0));
  // Kept as what 8 bytes hold: whole numbers, or a double.
  const kept: SqlType = phys === 'f32' || phys === 'f64' ? FLOAT8 : isInteger(value.type) ? INT8 : value.type;
  const item = (pair: BoundExpr, which: 0 | 1): BoundExpr => {
    const form = kept.name === 'float8' ? 2 : physOf(kept) === 'i32' ? 1 : 0;
    const found = call('percentile_item', form, kept, [pair, int4(which)]);
    return kept.name === value.type.name ? found : cast(found, value.type);
  };
  return {
    partials: [{ prim: 'values', arg: kept.name === value.type.name ? value : cast(value, kept), type: LIST }],
    merge: ['values_merge'],
    final: ([list]) => {
      const pair = call('percentile_pair', 0, varchar(16), [list!, billionths(percentile), how]);
      return final(item(pair, 0), item(pair, 1), call('value_count', 0, INT8, [list!]));
    },
  };
}
export const percentileContOfList = (
  percentile: BoundExpr,
  value: BoundExpr,
  type: SqlType,
  order: SortDirection,
): AggregateLowering | undefined =>
  fromList(percentile, value, order, false, (low, high, rows) =>
    between(low, high, placed('percentile_share', billionths(percentile), rows), type),
  );
export const percentileDiscOfList = (
  percentile: BoundExpr,
  value: BoundExpr,
  order: SortDirection,
): AggregateLowering | undefined => fromList(percentile, value, order, true, (low) => low);

/** Over a window each row is given the values at the places of its partition. */
export function percentileContOver(percentile: BoundExpr, value: BoundExpr, type: SqlType): WindowLowering {
  const p = billionths(percentile);
  return {
    parts: [
      inOrder('percentile_low', p, value),
      inOrder('percentile_high', p, value),
      { kind: 'aggregate', prim: 'count', arg: value, type: INT8 },
    ],
    final: ([low, high, rows]) => between(low!, high!, placed('percentile_share', p, rows!), type),
  };
}
export const percentileDiscOver = (percentile: BoundExpr, value: BoundExpr): WindowLowering => ({
  parts: [inOrder('percentile_row', billionths(percentile), value)],
  final: ([found]) => found!,
});
const inOrder = (place: PercentilePlace, percentile: BoundExpr, value: BoundExpr): TypedWindowPart =>
  valueAt(place, value, true, percentile);
