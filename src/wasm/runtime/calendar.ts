/**
 * The proleptic Gregorian calendar on days since 2000-01-01 and microseconds of a day. Year 0 is 1 BC, -1 is 2 BC.
 * YEAR, MONTH and DAY are return registers of `civil`: read them right after the call.
 */
export const DAY_US: i64 = 86400000000;
export const HOUR_US: i64 = 3600000000;
export const MINUTE_US: i64 = 60000000;
export const SECOND_US: i64 = 1000000;
/** 4713-01-01 BC (year -4712) and 294276-12-31. */
export const MIN_DAY: i32 = -2451507;
export const MAX_DAY: i32 = 106751982;
/** Days from Julian day 0 to 2000-01-01. */
export const JULIAN_2000: i32 = 2451545;

export let YEAR: i32 = 0;
export let MONTH: i32 = 0;
export let DAY: i32 = 0;

export function civil(days: i32): void {
  const z = <i64>days + 730425;
  const era = (z >= 0 ? z : z - 146096) / 146097;
  const doe = <i32>(z - era * 146097);
  const yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const mp = (5 * doy + 2) / 153;
  DAY = doy - (153 * mp + 2) / 5 + 1;
  MONTH = mp < 10 ? mp + 3 : mp - 9;
  YEAR = yoe + <i32>era * 400 + (MONTH <= 2 ? 1 : 0);
}
/** Month may be out of 1..12 and day out of the month: both carry over. */
export function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  let m0 = month - 1;
  let carry = m0 / 12;
  m0 -= carry * 12;
  if (m0 < 0) {
    m0 += 12;
    carry--;
  }
  const m = m0 + 1;
  const y = <i64>year + carry - (m <= 2 ? 1 : 0);
  const era = (y >= 0 ? y : y - 399) / 400;
  const yoe = y - era * 400;
  const doy = <i64>((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5);
  const doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return <i32>(era * 146097 + doe - 730425) + day - 1;
}
export function isLeap(y: i32): bool {
  return (y & 3) == 0 && (y % 100 != 0 || y % 400 == 0);
}
export function daysInMonth(y: i32, m: i32): i32 {
  if (m == 2) return isLeap(y) ? 29 : 28;
  return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}
/** Floor division of a timestamp into days. */
// @ts-ignore: decorator
@inline
export function dayOf(ts: i64): i32 {
  let d = ts / DAY_US;
  if (ts < d * DAY_US) d--;
  return <i32>d;
}
// @ts-ignore: decorator
@inline
export function timeOf(ts: i64): i64 {
  const r = ts % DAY_US;
  return r < 0 ? r + DAY_US : r;
}
/** 0 = Sunday. 2000-01-01 was a Saturday. */
export function dayOfWeek(days: i32): i32 {
  const r = (days + 6) % 7;
  return r < 0 ? r + 7 : r;
}
export function dayOfYear(days: i32): i32 {
  civil(days);
  return days - daysFromCivil(YEAR, 1, 1) + 1;
}
/** Monday of ISO week 1 of the year. */
export function isoYearStart(year: i32): i32 {
  const jan4 = daysFromCivil(year, 1, 4);
  return jan4 - ((dayOfWeek(jan4) + 6) % 7);
}
export function isoYear(days: i32): i32 {
  civil(days);
  const y = YEAR;
  if (days >= isoYearStart(y + 1)) return y + 1;
  return days < isoYearStart(y) ? y - 1 : y;
}
export function isoWeek(days: i32): i32 {
  return (days - isoYearStart(isoYear(days))) / 7 + 1;
}
/** Adds months to a day number, clipping to the end of the month. */
export function addMonths(days: i32, months: i32): i32 {
  civil(days);
  const day = DAY;
  const total = YEAR * 12 + MONTH - 1 + months;
  let y = total / 12;
  let m = total - y * 12;
  if (m < 0) {
    m += 12;
    y--;
  }
  return daysFromCivil(y, m + 1, min(day, daysInMonth(y, m + 1)));
}
