/**
 * The session zone's transition table (ctx+TZ_TABLE, see memory-map.ts): offsets of instants and of local times.
 */
import { TZ_TABLE } from './layout.ts';

function entryAt(table: i32, at: i64): i32 {
  let lo = 0;
  let hi = load<i32>(table) - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (load<i64>(table + 8 + mid * 16) <= at) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}
/** Offset east of UTC in microseconds at an instant. */
export function zoneOffsetAt(ctx: i32, utc: i64): i64 {
  const table = load<i32>(ctx, TZ_TABLE);
  if (table == 0 || load<i32>(table) == 0) return 0;
  return load<i64>(table + 16 + entryAt(table, utc) * 16);
}
/** UTC instant of a local time; in a gap the offset before the change counts, in an overlap the earlier instant. */
export function local_to_utc(ctx: i32, local: i64): i64 {
  const table = load<i32>(ctx, TZ_TABLE);
  if (table == 0 || load<i32>(table) == 0) return local;
  const before = zoneOffsetAt(ctx, local - 86400000000);
  const first = local - before;
  if (zoneOffsetAt(ctx, first) == before) return first;
  const after = zoneOffsetAt(ctx, local + 86400000000);
  const second = local - after;
  return zoneOffsetAt(ctx, second) == after ? second : first;
}
export function utc_to_local(ctx: i32, utc: i64): i64 {
  return utc + zoneOffsetAt(ctx, utc);
}
