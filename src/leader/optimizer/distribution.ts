/**
 * THE place that decides how rows of a join meet: which side moves, where, and by which keys. Given both sides'
 * distributions, sizes and join keys, `chooseMovement` lists every movement that keeps the join correct and picks the
 * one that costs the network least. join-order.ts asks with estimates, join.ts with plan nodes: one rule for both.
 *
 * Correctness rules:
 * - a row of the outer side that is preserved or tested (left, semi, anti, full) must meet ALL its inner partners in
 *   one place, and must itself stand in one place only: an 'all' outer side is read once or the inner side is 'all' too;
 * - a full join never sees a broadcast inner side (every slice would preserve its copy);
 * - NOT IN must know of every NULL of the inner side: the inner side is whole on each slice that probes;
 * - pinned sides (targets of DELETE and UPDATE) never move and are always outer.
 */
import type { ColId } from '../../common/ids.ts';
import type { JoinType } from '../../expressions/relation.ts';
import type { Distribution, Movement } from '../plan/plan.ts';
import { broadcastCost, redistributeCost } from './cost.ts';

export type PlannedJoin = Exclude<JoinType, 'cross' | 'right'>;

export interface JoinSide {
  readonly distribution: Distribution;
  readonly rows: number;
  readonly width: number;
  readonly pinned: boolean;
  /** Rows of the leader that cannot leave it. */
  readonly leaderOnly?: boolean;
  /** Others in each round of a recursion. */
  readonly changing?: boolean;
}
/** One equality: the plain columns behind its sides, where hashing the side is hashing the column. */
export interface KeyColumns {
  readonly outer: ColId | undefined;
  readonly inner: ColId | undefined;
}
/** `keys` are indexes into the join keys, in hashing order. */
export type Move =
  | { readonly kind: 'stay' }
  | { readonly kind: 'hash'; readonly keys: readonly number[] }
  | { readonly kind: 'broadcast' | 'single' | 'even' | 'leader' };

export interface MovementChoice {
  readonly movement: Movement;
  readonly outer: Move;
  readonly inner: Move;
  /** Network cost. */
  readonly cost: number;
  /** Where the joined rows are. */
  readonly result: Distribution;
}
export type SameColumn = (a: ColId, b: ColId) => boolean;

const STAY: Move = { kind: 'stay' };
const SINGLE: Move = { kind: 'single' };
/** A single slice works alone on what it receives: its share of moved bytes counts double. */
const SERIAL_FACTOR = 2;
/** Rows of slices a join on the leader may take in; the leader never touches rows in bulk. */
const LEADER_ROWS_MAX = 1000;
/** Pairs of rows that a join may try on the leader: all of them without keys, those with equal keys otherwise. */
const LEADER_PAIRS_MAX = 1_000_000;

/** For each distribution key the join key that covers it, or undefined when some key is not joined on. */
function covering(
  distribution: Distribution,
  columns: readonly (ColId | undefined)[],
  same: SameColumn,
): readonly number[] | undefined {
  if (distribution.kind !== 'key' || distribution.keys.length === 0) return undefined;
  const found = distribution.keys.map((key) => columns.findIndex((c) => c !== undefined && same(c, key)));
  return found.includes(-1) ? undefined : found;
}

function collocated(outer: JoinSide, inner: JoinSide, keys: readonly KeyColumns[], same: SameColumn): boolean {
  const [a, b] = [outer.distribution, inner.distribution];
  if (a.kind !== 'key' || b.kind !== 'key' || a.keys.length !== b.keys.length) return false;
  return a.keys.every((key, i) =>
    keys.some(
      (k) => k.outer !== undefined && k.inner !== undefined && same(k.outer, key) && same(k.inner, b.keys[i]!),
    ),
  );
}

function hashedBy(columns: readonly (ColId | undefined)[], indexes: readonly number[]): Distribution {
  const keys = indexes.map((i) => columns[i]);
  return keys.includes(undefined) ? { kind: 'even' } : { kind: 'key', keys: keys as ColId[] };
}

/** Both sides need no thought: all on the leader (for a bounded number of pairs), all on one slice, or all on every slice. */
function together(outer: JoinSide, inner: JoinSide, pairs: number): MovementChoice | undefined {
  const kind = outer.distribution.kind;
  const mayLeave = outer.leaderOnly !== true && inner.leaderOnly !== true;
  if (kind === 'leader' && mayLeave && pairs > LEADER_PAIRS_MAX) return undefined;
  if (kind !== inner.distribution.kind || (kind !== 'leader' && kind !== 'single' && kind !== 'all'))
    return undefined;
  const movement = kind === 'all' ? 'DS_DIST_ALL_NONE' : 'DS_DIST_NONE';
  return { movement, outer: STAY, inner: STAY, cost: 0, result: outer.distribution };
}

/** Movements that leave the inner side whole wherever outer rows are. */
function wholeInner(type: PlannedJoin, outer: JoinSide, inner: JoinSide, slices: number): MovementChoice[] {
  const out: MovementChoice[] = [];
  const [o, i] = [outer.distribution.kind, inner.distribution.kind];
  const spread = o !== 'all' && type !== 'full';
  const fromLeader = o === 'leader';
  const outerMove: Move = fromLeader ? { kind: 'even' } : STAY;
  const outerCost = fromLeader ? redistributeCost(outer.rows, outer.width, slices) : 0;
  const result: Distribution = fromLeader ? { kind: 'even' } : outer.distribution;
  if (spread && i === 'all') {
    out.push({ movement: 'DS_DIST_ALL_NONE', outer: outerMove, inner: STAY, cost: outerCost, result });
  } else if (spread) {
    const cost = outerCost + broadcastCost(inner.rows, inner.width);
    out.push({ movement: 'DS_BCAST_INNER', outer: outerMove, inner: { kind: 'broadcast' }, cost, result });
  }
  if (fromLeader && i !== 'leader' && inner.rows <= LEADER_ROWS_MAX && !inner.pinned && !inner.changing) {
    const cost = SERIAL_FACTOR * redistributeCost(inner.rows, inner.width, slices);
    out.push({ movement: 'DS_DIST_INNER', outer: STAY, inner: { kind: 'leader' }, cost, result: outer.distribution });
  }
  if ((o === 'all' || o === 'single') && i !== 'all' && !outer.pinned && !inner.pinned) {
    const serial = i === 'single' ? 0 : SERIAL_FACTOR * redistributeCost(inner.rows, inner.width, slices);
    const movement = i === 'single' ? 'DS_DIST_NONE' : o === 'all' ? 'DS_DIST_ALL_INNER' : 'DS_DIST_INNER';
    out.push({ movement, outer: SINGLE, inner: SINGLE, cost: serial, result: { kind: 'single' } });
  }
  return out;
}

/** Movements that bring equal keys to the same slice. */
function byKeys(
  type: PlannedJoin,
  outer: JoinSide,
  inner: JoinSide,
  keys: readonly KeyColumns[],
  same: SameColumn,
  slices: number,
): MovementChoice[] {
  if (keys.length === 0 || type === 'anti-null-aware') return [];
  const out: MovementChoice[] = [];
  const outerColumns = keys.map((k) => k.outer);
  const innerColumns = keys.map((k) => k.inner);
  const keep = (d: Distribution): Distribution => (type === 'full' ? { kind: 'even' } : d);
  const outerMoves = redistributeCost(outer.rows, outer.width, slices);
  const innerMoves = redistributeCost(inner.rows, inner.width, slices);
  if (collocated(outer, inner, keys, same)) {
    out.push({ movement: 'DS_DIST_NONE', outer: STAY, inner: STAY, cost: 0, result: keep(outer.distribution) });
  }
  const byOuter = covering(outer.distribution, outerColumns, same);
  if (byOuter !== undefined && !inner.pinned) {
    out.push({
      movement: 'DS_DIST_INNER',
      outer: STAY,
      inner: { kind: 'hash', keys: byOuter },
      cost: innerMoves,
      result: keep(outer.distribution),
    });
  }
  if (outer.pinned) return out;
  const byInner = covering(inner.distribution, innerColumns, same);
  if (byInner !== undefined) {
    out.push({
      movement: 'DS_DIST_OUTER',
      outer: { kind: 'hash', keys: byInner },
      inner: STAY,
      cost: outerMoves,
      result: keep(hashedBy(outerColumns, byInner)),
    });
  }
  if (inner.pinned) return out;
  const all = keys.map((_, n) => n);
  out.push({
    movement: 'DS_DIST_BOTH',
    outer: { kind: 'hash', keys: all },
    inner: { kind: 'hash', keys: all },
    cost: outerMoves + innerMoves,
    result: keep(hashedBy(outerColumns, all)),
  });
  return out;
}

/** The cheapest correct movement on so many slices; `pairs` of rows meet, as far as keys tell. Undefined when none is (the caller then gathers both sides on one slice). */
export function chooseMovement(
  type: PlannedJoin,
  outer: JoinSide,
  inner: JoinSide,
  keys: readonly KeyColumns[],
  same: SameColumn,
  pairs: number,
  slices: number,
): MovementChoice | undefined {
  if (inner.pinned) return undefined;
  const still = together(outer, inner, pairs);
  if (still !== undefined) return still;
  const choices = [...byKeys(type, outer, inner, keys, same, slices), ...wholeInner(type, outer, inner, slices)];
  return choices.reduce<MovementChoice | undefined>(
    (best, c) => (best === undefined || c.cost < best.cost ? c : best),
    undefined,
  );
}

/** Everything on the first slice: always correct, never parallel; for joins no other movement can serve. */
export function gatherBoth(outer: JoinSide, inner: JoinSide, slices: number): MovementChoice {
  const cost =
    SERIAL_FACTOR *
    (redistributeCost(outer.rows, outer.width, slices) + redistributeCost(inner.rows, inner.width, slices));
  return { movement: 'DS_DIST_BOTH', outer: SINGLE, inner: SINGLE, cost, result: { kind: 'single' } };
}

/**
 * Of the two ways round an inner join: less network first, then the smaller side as inner (the hash table). True when
 * the sides should be exchanged.
 */
export function shouldSwap(
  straight: MovementChoice | undefined,
  swapped: MovementChoice | undefined,
  outer: JoinSide,
  inner: JoinSide,
): boolean {
  if (straight === undefined || swapped === undefined) return straight === undefined;
  // A table of rows that stay the same is made once for all rounds of a recursion.
  if ((outer.changing === true) !== (inner.changing === true)) return inner.changing === true;
  if (straight.cost !== swapped.cost) return swapped.cost < straight.cost;
  return outer.rows * (outer.width + 8) < inner.rows * (inner.width + 8);
}
