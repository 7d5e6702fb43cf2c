/**
 * AGE: how many years, months, days and how much of a day lie between two local times, counted on the calendar from the earlier
 * one's month on.
 */
import { civil, DAY, dayOf, daysInMonth, MONTH, timeOf, DAY_US, YEAR } from './calendar.ts';
import { setRetHi } from './layout.ts';
import { utc_to_local } from './timezone.ts';

export function age_timestamp(ctx: i32, to: i64, from: i64): i64 {
  const negative = to < from;
  civil(dayOf(from));
  let months = YEAR * 12 + MONTH;
  let days = DAY;
  const fromYear = YEAR;
  const fromMonth = MONTH;
  civil(dayOf(to));
  months = YEAR * 12 + MONTH - months;
  days = DAY - days;
  let time = timeOf(to) - timeOf(from);
  if (negative) {
    months = -months;
    days = -days;
    time = -time;
  }
  if (time < 0) {
    time += DAY_US;
    days--;
  }
  while (days < 0) {
    days += negative ? daysInMonth(YEAR, MONTH) : daysInMonth(fromYear, fromMonth);
    months--;
  }
  if (negative) {
    months = -months;
    days = -days;
    time = -time;
  }
  setRetHi(ctx, (<i64>months << 32) | (<i64>days & 0xffffffff));
  return time;
}
export function age_timestamptz(ctx: i32, to: i64, from: i64): i64 {
  return age_timestamp(ctx, utc_to_local(ctx, to), utc_to_local(ctx, from));
}
