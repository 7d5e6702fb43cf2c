/**
 * Transition tables of time zones (layout in memory-map.ts): offsets of instants and of local times, for the session's
 * zone (ctx+TZ_TABLE) and any other. A local time that comes twice is the later one (standard time); one that is skipped
 * counts with the offset before the change. Both follow from one rule: an entry holds from the local time its own offset
 * shows at the change.
 */
import { DAY_US } from './calendar.ts';
import { stamp } from './datetime-range.ts';
import { TZ_TABLE } from './layout.ts';

/** 400 years: 146,097 days. */
const CYCLE_US: i64 = 146097 * 86400000000;

/** Index of the entry in force; `local` compares with the entries' local starts. */
function entryAt(table: i32, at: i64, local: bool): i32 {
  let lo = 0;
  let hi = load<i32>(table) - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    const e = table + 8 + mid * 16;
    const from = load<i64>(e) + (local ? load<i64>(e, 8) : 0);
    if (from <= at) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}
/** An instant or local time behind the table moved back by whole cycles, into the 400 years before its last entry. */
function inCycle(table: i32, at: i64, local: bool): i64 {
  if (load<i32>(table, 4) == 0) return at;
  const e = table + 8 + (load<i32>(table) - 1) * 16;
  const last = load<i64>(e) + (local ? load<i64>(e, 8) : 0);
  return at < last ? at : at - ((at - last) / CYCLE_US + 1) * CYCLE_US;
}
function offsetOf(table: i32, at: i64, local: bool): i64 {
  return load<i64>(table + 16 + entryAt(table, inCycle(table, at, local), local) * 16);
}
/** Offset east of UTC in microseconds at an instant. */
export function tableOffset(table: i32, utc: i64): i64 {
  if (table == 0 || load<i32>(table) == 0) return 0;
  return offsetOf(table, utc, false);
}
/** The instant at which the zone's clocks show a local time; fails outside the range of timestamps. */
export function tableToUtc(ctx: i32, table: i32, local: i64): i64 {
  if (table == 0 || load<i32>(table) == 0) return local;
  const offset = offsetOf(table, local, true);
  const day = local / DAY_US;
  return stamp(ctx, day, local - day * DAY_US - offset);
}
/** The local time of an instant; fails outside the range of timestamps. */
export function tableToLocal(ctx: i32, table: i32, utc: i64): i64 {
  const day = utc / DAY_US;
  return stamp(ctx, day, utc - day * DAY_US + tableOffset(table, utc));
}
export function zoneOffsetAt(ctx: i32, utc: i64): i64 {
  return tableOffset(load<i32>(ctx, TZ_TABLE), utc);
}
export function local_to_utc(ctx: i32, local: i64): i64 {
  return tableToUtc(ctx, load<i32>(ctx, TZ_TABLE), local);
}
/** For texts and parts, which may show a day more than timestamps have; a timestamp itself is tableToLocal's. */
export function utc_to_local(ctx: i32, utc: i64): i64 {
  return utc + zoneOffsetAt(ctx, utc);
}
