/**
 * Times of day with a zone: held and shown in UTC, microseconds since midnight. Where a zone's offset depends on the day,
 * it is today's: the day on which the statement runs.
 */
import { alloc_scratch } from './alloc.ts';
import { DAY_US, dayOf, timeOf } from './calendar.ts';
import { putTime } from './datetime-text.ts';
import { makeStr, NOW, put8 } from './layout.ts';
import { local_to_utc, utc_to_local } from './timezone.ts';

/** The instant of a local time today. */
function todayAt(ctx: i32, local: i64): i64 {
  return <i64>dayOf(utc_to_local(ctx, load<i64>(ctx, NOW))) * DAY_US + local;
}
export function time_to_timetz(ctx: i32, v: i64): i64 {
  return timeOf(local_to_utc(ctx, todayAt(ctx, v)));
}
export function timetz_to_time(ctx: i32, v: i64): i64 {
  return timeOf(utc_to_local(ctx, <i64>dayOf(load<i64>(ctx, NOW)) * DAY_US + v));
}
export function timestamptz_to_timetz(ctx: i32, v: i64): i64 {
  return timeOf(v);
}
export function fmt_timetz(ctx: i32, out: i32, v: i64): i32 {
  const p = putTime(out, v);
  return PUT(p, "+00");
}
export function timetz_to_text(ctx: i32, v: i64): i64 {
  const p = alloc_scratch(ctx, 32);
  return p == 0 ? 0 : makeStr(p, fmt_timetz(ctx, p, v) - p);
}
/** A day and a time in UTC as an instant. */
export function date_plus_timetz(ctx: i32, v: i32, t: i64): i64 {
  return <i64>v * DAY_US + t;
}
