/**
 * The cost model, fitted to plans printed by Redshift: PostgreSQL 8.0's CPU constants, no page cost, and a network
 * charge that outweighs everything else. All numbers EXPLAIN prints come from here; distribution.ts and join-order.ts
 * compare the same numbers.
 */
/** Per row handed on. */
export const TUPLE_COST = 0.01;
/** Per operator evaluated. */
export const OPERATOR_COST = 0.0025;
/** Rows compared per probe of a hash table. */
export const HASH_BUCKET_ROWS = 4;
/** Broadcast, per byte. A byte that is redistributed goes to one slice instead of all, which costs its share of them. */
export const NETWORK_BYTE_COST = 10000;
/** Slices of the cluster whose redistributions of small tables the manual prints; no share is smaller. */
const PRINTED_SLICES = 48;
/** Up to here a redistribution costs what the manual prints for 8,798 rows, whatever the cluster. */
const SMALL_MOVE_BYTES = 1024 * 1024;
/** Added to every sort that ends in a merge on the leader. */
export const SORT_PENALTY = 1e12;

export interface Cost {
  readonly startupCost: number;
  readonly totalCost: number;
}
export interface CostedInput extends Cost {
  readonly rows: number;
}

/** Bytes of a row of `width` on the network: an 8 byte header, rounded up to words. */
export const networkBytes = (width: number): number => 4 * Math.ceil((width + 8) / 4);
export const broadcastCost = (rows: number, width: number): number => rows * networkBytes(width) * NETWORK_BYTE_COST;
/**
 * Plans that the manual prints redistribute 8,798 rows rather than broadcast 202 (a ratio of 44), but broadcast 49,990 rows
 * of USERS rather than redistribute a join's 170,771 (13), and 8,798 rather than 172,456 (15).
 */
export function redistributeCost(rows: number, width: number, slices: number): number {
  const bytes = rows * networkBytes(width);
  const small = Math.min(bytes, SMALL_MOVE_BYTES);
  return NETWORK_BYTE_COST * (small / PRINTED_SLICES + (bytes - small) / Math.min(slices, PRINTED_SLICES));
}

export const scanCost = (rows: number, operators: number): Cost => ({
  startupCost: 0,
  totalCost: rows * TUPLE_COST + rows * OPERATOR_COST * operators,
});

export const filterCost = (input: CostedInput, operators: number): Cost => ({
  startupCost: input.startupCost,
  totalCost: input.totalCost + input.rows * OPERATOR_COST * operators,
});

export function hashJoinCost(outer: CostedInput, inner: CostedInput, outRows: number, network: number): Cost {
  const build = inner.totalCost + OPERATOR_COST * inner.rows;
  return {
    startupCost: outer.startupCost + build,
    totalCost:
      outer.totalCost + build + OPERATOR_COST * outer.rows * (1 + HASH_BUCKET_ROWS) + TUPLE_COST * outRows + network,
  };
}

export const mergeJoinCost = (outer: CostedInput, inner: CostedInput, outRows: number): Cost => ({
  startupCost: 0,
  totalCost: outer.totalCost + inner.totalCost + OPERATOR_COST * (outer.rows + inner.rows) + TUPLE_COST * outRows,
});

export function nestedLoopCost(outer: CostedInput, inner: CostedInput, operators: number, network: number): Cost {
  return {
    startupCost: outer.startupCost + inner.startupCost,
    totalCost:
      outer.totalCost +
      inner.totalCost +
      outer.rows * inner.rows * (TUPLE_COST + OPERATOR_COST * operators) +
      network,
  };
}

export function aggregateCost(input: CostedInput, groupColumns: number, aggregates: number, groups: number): Cost {
  const startupCost = input.totalCost + OPERATOR_COST * input.rows * (groupColumns + aggregates);
  return { startupCost, totalCost: groupColumns === 0 ? startupCost : startupCost + OPERATOR_COST * groups };
}

/** DISTINCT, printed as Unique. */
export const uniqueCost = (input: CostedInput, columns: number): Cost => ({
  startupCost: input.startupCost,
  totalCost: input.totalCost + OPERATOR_COST * input.rows * columns,
});

export function sortCost(input: CostedInput, distributed: boolean): Cost {
  const n = Math.max(2, input.rows);
  const startupCost = (distributed ? SORT_PENALTY : 0) + input.totalCost + 2 * OPERATOR_COST * n * Math.log2(n);
  return { startupCost, totalCost: startupCost + OPERATOR_COST * input.rows };
}

/** Window functions over sorted rows. */
export const windowCost = (sorted: CostedInput, calls: number): Cost => ({
  startupCost: sorted.startupCost,
  totalCost: sorted.totalCost + sorted.rows * (TUPLE_COST + OPERATOR_COST * calls),
});

/** The share of the input's run cost that `rows` of its rows take. */
export function limitCost(input: CostedInput, rows: number): Cost {
  const share = input.rows > 0 ? Math.min(1, rows / input.rows) : 1;
  return {
    startupCost: input.startupCost,
    totalCost: input.startupCost + (input.totalCost - input.startupCost) * share,
  };
}
