/**
 * Date and time functions: truncation, parts, adding and subtracting parts, months, weekdays, zones, the clock. Date
 * part names come as text and are told apart by hash; all spellings of the SQL reference are accepted.
 */
import { alloc_scratch } from './alloc.ts';
import {
  addMonths, civil, DAY, dayOf, dayOfWeek, dayOfYear, DAY_US, daysFromCivil, daysInMonth, HOUR_US, isoWeek, isoYear,
  isoYearStart, MINUTE_US, MONTH, SECOND_US, timeOf, YEAR,
} from './calendar.ts';
import { dayWord, monthWord, putFraction, putTime } from './datetime-text.ts';
import { BIGINT_RANGE, fail, failStr, failText, INTEGER_RANGE, INVALID_PARAMETER, UNKNOWN_DATEPART } from './errors.ts';
import { checkDay, checkTimestamp, failTimestamp, shifted, stamp } from './datetime-range.ts';
import { interval_neg } from './interval.ts';
import { intervald2s_sub } from './interval-families.ts';
import { makeStr, NOW, put8, RET_HI, STMT_NOW, strLen, strPtr } from './layout.ts';
import { nameHash, packLower } from './text-hash.ts';
import { putDigits } from './text-out.ts';
import { local_to_utc, tableToLocal, tableToUtc, utc_to_local, zoneOffsetAt } from './timezone.ts';
import { ZONE_AT, ZONE_CONVERT, zoneByName } from './zones.ts';

const P_US: i32 = 1;
const P_MS: i32 = 2;
const P_SECOND: i32 = 3;
const P_MINUTE: i32 = 4;
const P_HOUR: i32 = 5;
const P_DAY: i32 = 6;
const P_WEEK: i32 = 7;
const P_MONTH: i32 = 8;
const P_QUARTER: i32 = 9;
const P_YEAR: i32 = 10;
const P_DECADE: i32 = 11;
const P_CENTURY: i32 = 12;
const P_MILLENNIUM: i32 = 13;
const P_EPOCH: i32 = 14;
const P_DOW: i32 = 15;
const P_DOY: i32 = 16;
const P_ZONE: i32 = 17;
const P_ZONE_HOUR: i32 = 18;
const P_ZONE_MINUTE: i32 = 19;

function smallPart(h: u64): i32 {
  if (h == HASH("us") || h == HASH("usec") || h == HASH("usecs") || h == HASH("usecond") || h == HASH("useconds")) return P_US;
  if (h == HASH("microsecond") || h == HASH("microseconds") || h == HASH("microsec") || h == HASH("microsecs")) return P_US;
  if (h == HASH("ms") || h == HASH("msec") || h == HASH("msecs") || h == HASH("msecond") || h == HASH("mseconds")) return P_MS;
  if (h == HASH("millisecond") || h == HASH("milliseconds") || h == HASH("millisec") || h == HASH("millisecs") || h == HASH("millisecon")) return P_MS;
  if (h == HASH("s") || h == HASH("sec") || h == HASH("secs") || h == HASH("second") || h == HASH("seconds")) return P_SECOND;
  if (h == HASH("m") || h == HASH("min") || h == HASH("mins") || h == HASH("minute") || h == HASH("minutes")) return P_MINUTE;
  if (h == HASH("h") || h == HASH("hr") || h == HASH("hrs") || h == HASH("hour") || h == HASH("hours")) return P_HOUR;
  return 0;
}
function partCode(p: i32, n: i32): i32 {
  const h = nameHash(p, n);
  if (h == HASH("year") || h == HASH("years") || h == HASH("y") || h == HASH("yr") || h == HASH("yrs")) return P_YEAR;
  if (h == HASH("month") || h == HASH("months") || h == HASH("mon") || h == HASH("mons")) return P_MONTH;
  if (h == HASH("day") || h == HASH("days") || h == HASH("d")) return P_DAY;
  if (h == HASH("week") || h == HASH("weeks") || h == HASH("w")) return P_WEEK;
  if (h == HASH("quarter") || h == HASH("quarters") || h == HASH("qtr") || h == HASH("qtrs")) return P_QUARTER;
  const small = smallPart(h);
  if (small != 0) return small;
  if (h == HASH("epoch")) return P_EPOCH;
  if (h == HASH("dow") || h == HASH("dayofweek") || h == HASH("dw") || h == HASH("weekday")) return P_DOW;
  if (h == HASH("doy") || h == HASH("dayofyear") || h == HASH("dy") || h == HASH("yearday")) return P_DOY;
  if (h == HASH("decade") || h == HASH("decades") || h == HASH("dec") || h == HASH("decs")) return P_DECADE;
  if (h == HASH("century") || h == HASH("centuries") || h == HASH("c") || h == HASH("cent") || h == HASH("cents")) return P_CENTURY;
  if (h == HASH("millennium") || h == HASH("millennia") || h == HASH("mil") || h == HASH("mils")) return P_MILLENNIUM;
  if (h == HASH("timezone")) return P_ZONE;
  if (h == HASH("timezone_hour")) return P_ZONE_HOUR;
  if (h == HASH("timezone_minute")) return P_ZONE_MINUTE;
  return 0;
}
/** Part code of a name; fails with UNKNOWN_DATEPART and gives 0. */
function part(ctx: i32, s: i64): i32 {
  const code = partCode(strPtr(s), strLen(s));
  if (code == 0) failStr(ctx, UNKNOWN_DATEPART, s);
  return code;
}
function notHere(ctx: i32, s: i64): i64 {
  failStr(ctx, UNKNOWN_DATEPART, s);
  return 0;
}
function floorDiv(a: i64, b: i64): i64 {
  const q = a / b;
  return a < q * b ? q - 1 : q;
}
function unitUs(code: i32): i64 {
  switch (code) {
    case P_US: return 1;
    case P_MS: return 1000;
    case P_SECOND: return SECOND_US;
    case P_MINUTE: return MINUTE_US;
    case P_HOUR: return HOUR_US;
    case P_DAY: return DAY_US;
    default: return 0;
  }
}
export function date_trunc(ctx: i32, name: i64, ts: i64): i64 {
  const code = part(ctx, name);
  const unit = unitUs(code);
  if (unit != 0) return checkTimestamp(ctx, floorDiv(ts, unit) * unit);
  if (code == 0 || code > P_MILLENNIUM) return notHere(ctx, name);
  const days = dayOf(ts);
  if (code == P_WEEK) return stamp(ctx, days - (dayOfWeek(days) + 6) % 7, 0);
  civil(days);
  let y = YEAR;
  let m = 1;
  if (code == P_MONTH) m = MONTH;
  else if (code == P_QUARTER) m = ((MONTH - 1) / 3) * 3 + 1;
  else if (code == P_DECADE) y = <i32>floorDiv(y, 10) * 10;
  else if (code == P_CENTURY) y = <i32>floorDiv(y - 1, 100) * 100 + 1;
  else if (code == P_MILLENNIUM) y = <i32>floorDiv(y - 1, 1000) * 1000 + 1;
  return stamp(ctx, daysFromCivil(y, m, 1), 0);
}
export function date_trunc_tz(ctx: i32, name: i64, ts: i64): i64 {
  const local = utc_to_local(ctx, ts);
  const cut = date_trunc(ctx, name, local);
  // An hour and what is shorter has the offset of the instant: of an hour that comes twice, the first one stays the first.
  const unit = unitUs(partCode(strPtr(name), strLen(name)));
  return unit != 0 && unit < DAY_US ? cut - (local - ts) : local_to_utc(ctx, cut);
}
export function date_trunc_date(ctx: i32, name: i64, v: i32): i64 {
  return date_trunc(ctx, name, <i64>v * DAY_US);
}
/** Parts that are whole numbers; seconds and below within the minute or second. */
function wholePart(ctx: i32, name: i64, code: i32, ts: i64): i64 {
  const t = timeOf(ts);
  switch (code) {
    case P_US: return t % SECOND_US;
    case P_MS: return (t % SECOND_US) / 1000;
    case P_SECOND: return (t % MINUTE_US) / SECOND_US;
    case P_MINUTE: return (t % HOUR_US) / MINUTE_US;
    case P_HOUR: return t / HOUR_US;
    case P_EPOCH: return floorDiv(ts, SECOND_US) + 946684800;
  }
  const days = dayOf(ts);
  if (code == P_DOW) return dayOfWeek(days);
  if (code == P_DOY) return dayOfYear(days);
  if (code == P_WEEK) return isoWeek(days);
  civil(days);
  const y = <i64>YEAR;
  switch (code) {
    case P_DAY: return DAY;
    case P_MONTH: return MONTH;
    case P_QUARTER: return (MONTH - 1) / 3 + 1;
    case P_YEAR: return y > 0 ? y : y - 1;
    case P_DECADE: return floorDiv(y, 10) + 1;
    case P_CENTURY: return y > 0 ? (y + 99) / 100 : -((99 - (y - 1)) / 100);
    case P_MILLENNIUM: return y > 0 ? (y + 999) / 1000 : -((999 - (y - 1)) / 1000);
    default: return notHere(ctx, name);
  }
}
export function date_part(ctx: i32, name: i64, ts: i64): f64 {
  const code = part(ctx, name);
  if (code == 0) return 0;
  if (code == P_SECOND) return <f64>(timeOf(ts) % MINUTE_US) / 1000000.0;
  if (code == P_EPOCH) return <f64>(ts + 946684800000000) / 1000000.0;
  return <f64>wholePart(ctx, name, code, ts);
}
export function date_part_date(ctx: i32, name: i64, v: i32): f64 {
  return date_part(ctx, name, <i64>v * DAY_US);
}
/** In the session zone; epoch and the zone parts of the instant itself. */
export function date_part_tz(ctx: i32, name: i64, ts: i64): f64 {
  const code = part(ctx, name);
  if (code == P_EPOCH) return date_part(ctx, name, ts);
  const offset = zoneOffsetAt(ctx, ts) / SECOND_US;
  if (code == P_ZONE) return <f64>offset;
  if (code == P_ZONE_HOUR) return <f64>(offset / 3600);
  if (code == P_ZONE_MINUTE) return <f64>((offset / 60) % 60);
  return date_part(ctx, name, utc_to_local(ctx, ts));
}
export function date_part_time(ctx: i32, name: i64, v: i64): f64 {
  const code = part(ctx, name);
  if (code == P_EPOCH) return <f64>v / 1000000.0;
  if (code > P_HOUR) return <f64>notHere(ctx, name);
  return date_part(ctx, name, v);
}
/** A time with a zone is one of UTC. */
export function date_part_timetz(ctx: i32, name: i64, v: i64): f64 {
  const code = part(ctx, name);
  return code >= P_ZONE ? 0 : date_part_time(ctx, name, v);
}
export function extract_timetz(ctx: i32, name: i64, v: i64): i32 {
  return asInt(ctx, <i64>Math.floor(date_part_timetz(ctx, name, v)));
}
function asInt(ctx: i32, v: i64): i32 {
  if (v != <i64><i32>v) fail(ctx, INTEGER_RANGE);
  return <i32>v;
}
export function extract_timestamp(ctx: i32, name: i64, ts: i64): i32 {
  const code = part(ctx, name);
  return code == 0 ? 0 : asInt(ctx, wholePart(ctx, name, code, ts));
}
/** Seconds since 1970, more than an integer holds before 1901 and after 2038. */
export function extract_epoch(ctx: i32, ts: i64): i64 {
  return wholePart(ctx, 0, P_EPOCH, ts);
}
export function extract_date(ctx: i32, name: i64, v: i32): i32 {
  return extract_timestamp(ctx, name, <i64>v * DAY_US);
}
export function extract_time(ctx: i32, name: i64, v: i64): i32 {
  return asInt(ctx, <i64>Math.floor(date_part_time(ctx, name, v)));
}
export function extract_timestamptz(ctx: i32, name: i64, ts: i64): f64 {
  return Math.floor(date_part_tz(ctx, name, ts));
}
export function extract_interval(ctx: i32, name: i64, lo: i64, hi: i64): f64 {
  const code = part(ctx, name);
  const months = <i32>(hi >> 32);
  let days = <i64><i32>hi;
  let us = lo;
  days += us / DAY_US;
  us %= DAY_US;
  switch (code) {
    case P_YEAR: return <f64>(months / 12);
    case P_MONTH: return <f64>(months % 12);
    case P_QUARTER: return <f64>((months % 12) / 3 + 1);
    case P_DECADE: return <f64>(months / 120);
    case P_CENTURY: return <f64>(months / 1200);
    case P_MILLENNIUM: return <f64>(months / 12000);
    case P_DAY: return <f64>days;
    case P_HOUR: return <f64>(us / HOUR_US);
    case P_MINUTE: return <f64>((us % HOUR_US) / MINUTE_US);
    case P_SECOND: return <f64>(us % MINUTE_US) / 1000000.0;
    case P_MS: return <f64>((us % SECOND_US) / 1000);
    case P_US: return <f64>(us % SECOND_US);
    case P_EPOCH: {
      const years = months / 12;
      return <f64>years * 31557600.0 + <f64>(months % 12) * 2592000.0 + <f64>days * 86400.0 + <f64>us / 1000000.0;
    }
    default: return <f64>notHere(ctx, name);
  }
}
export function date_part_year(ctx: i32, v: i32): i32 {
  civil(v);
  return YEAR > 0 ? YEAR : YEAR - 1;
}
function monthsOf(code: i32): i32 {
  switch (code) {
    case P_MONTH: return 1;
    case P_QUARTER: return 3;
    case P_YEAR: return 12;
    case P_DECADE: return 120;
    case P_CENTURY: return 1200;
    case P_MILLENNIUM: return 12000;
    default: return 0;
  }
}
/** Adds n parts. Years added to February 29 give March 1 in a common year; months clip to the month's end. */
export function dateadd_timestamp(ctx: i32, name: i64, n: i64, ts: i64): i64 {
  const code = part(ctx, name);
  if (code == 0) return 0;
  const months = monthsOf(code);
  if (months != 0) {
    if (n > 4000000 || n < -4000000) return failTimestamp(ctx);
    const days = dayOf(ts);
    const time = ts - <i64>days * DAY_US;
    civil(days);
    const total = n * months;
    if (total > 4000000 || total < -4000000) return failTimestamp(ctx);
    const moved = code >= P_YEAR ? daysFromCivil(YEAR + <i32>(total / 12), MONTH, DAY) : addMonths(days, <i32>total);
    return stamp(ctx, moved, time);
  }
  const unit = code == P_WEEK ? 7 * DAY_US : code == P_DOY || code == P_DOW ? DAY_US : unitUs(code);
  if (unit == 0) return notHere(ctx, name);
  const bound = 0x7fffffffffffffff / unit;
  if (n > bound || n < -bound) return failTimestamp(ctx);
  return shifted(ctx, ts, n * unit);
}
export function dateadd_date(ctx: i32, name: i64, n: i64, v: i32): i64 {
  return dateadd_timestamp(ctx, name, n, <i64>v * DAY_US);
}
export function dateadd_timestamptz(ctx: i32, name: i64, n: i64, ts: i64): i64 {
  const code = part(ctx, name);
  if (n != 0 && code >= P_DAY && code <= P_MILLENNIUM) return local_to_utc(ctx, dateadd_timestamp(ctx, name, n, utc_to_local(ctx, ts)));
  return dateadd_timestamp(ctx, name, n, ts);
}
export function dateadd_time(ctx: i32, name: i64, n: i64, v: i64): i64 {
  const code = part(ctx, name);
  if (code == 0) return 0;
  const unit = unitUs(code);
  if (unit == 0 || code == P_DAY) return notHere(ctx, name);
  const perDay = DAY_US / unit;
  return timeOf(v + (n % perDay) * unit);
}
/** The range of timestamps in microseconds is wider than a bigint. */
function checkedDifference(ctx: i32, b: i64, a: i64): i64 {
  const d = b - a;
  if (((b ^ a) & (b ^ d)) < 0) fail(ctx, BIGINT_RANGE);
  return d;
}
/** Number of part boundaries between a and b. */
export function datediff_timestamp(ctx: i32, name: i64, a: i64, b: i64): i64 {
  const code = part(ctx, name);
  if (code == 0) return 0;
  const unit = unitUs(code);
  if (unit != 0) return checkedDifference(ctx, floorDiv(b, unit), floorDiv(a, unit));
  const da = dayOf(a);
  const db = dayOf(b);
  if (code == P_WEEK) return floorDiv(<i64>db + 6, 7) - floorDiv(<i64>da + 6, 7);
  if (code == P_DOY || code == P_DOW) return <i64>db - da;
  if (code == P_EPOCH) return floorDiv(b, SECOND_US) - floorDiv(a, SECOND_US);
  civil(da);
  const ya = <i64>YEAR;
  const ma = <i64>MONTH;
  civil(db);
  const yb = <i64>YEAR;
  const mb = <i64>MONTH;
  switch (code) {
    case P_MONTH: return (yb - ya) * 12 + mb - ma;
    case P_QUARTER: return (yb - ya) * 4 + (mb - 1) / 3 - (ma - 1) / 3;
    case P_YEAR: return yb - ya;
    case P_DECADE: return floorDiv(yb, 10) - floorDiv(ya, 10);
    case P_CENTURY: return floorDiv(yb - 1, 100) - floorDiv(ya - 1, 100);
    case P_MILLENNIUM: return floorDiv(yb - 1, 1000) - floorDiv(ya - 1, 1000);
    default: return notHere(ctx, name);
  }
}
export function datediff_date(ctx: i32, name: i64, a: i32, b: i32): i64 {
  return datediff_timestamp(ctx, name, <i64>a * DAY_US, <i64>b * DAY_US);
}
export function datediff_timestamptz(ctx: i32, name: i64, a: i64, b: i64): i64 {
  const unit = unitUs(partCode(strPtr(name), strLen(name)));
  if (unit != 0 && unit < DAY_US) {
    // Hours and what is shorter pass as they do on any clock: one that is put forward or back between the two leaves them alone.
    const offset = utc_to_local(ctx, a) - a;
    return datediff_timestamp(ctx, name, a + offset, b + offset);
  }
  return datediff_timestamp(ctx, name, utc_to_local(ctx, a), utc_to_local(ctx, b));
}
export function datediff_time(ctx: i32, name: i64, a: i64, b: i64): i64 {
  const code = part(ctx, name);
  const unit = unitUs(code);
  if (unit == 0 || code == P_DAY) return code == 0 ? 0 : notHere(ctx, name);
  return floorDiv(b, unit) - floorDiv(a, unit);
}
export function add_months(ctx: i32, ts: i64, n: i64): i64 {
  const days = dayOf(ts);
  if (n > 4000000 || n < -4000000) return failTimestamp(ctx);
  civil(days);
  const atEnd = DAY == daysInMonth(YEAR, MONTH);
  let moved = addMonths(days, <i32>n);
  if (atEnd) {
    civil(moved);
    moved = daysFromCivil(YEAR, MONTH, daysInMonth(YEAR, MONTH));
  }
  return stamp(ctx, moved, timeOf(ts));
}
export function add_months_date(ctx: i32, v: i32, n: i64): i64 {
  return add_months(ctx, <i64>v * DAY_US, n);
}
export function months_between(ctx: i32, a: i64, b: i64): f64 {
  const da = dayOf(a);
  const db = dayOf(b);
  civil(da);
  const ya = YEAR;
  const ma = MONTH;
  const dayA = DAY;
  const endA = dayA == daysInMonth(ya, ma);
  civil(db);
  const whole = <f64>((ya - YEAR) * 12 + ma - MONTH);
  if (dayA == DAY || (endA && DAY == daysInMonth(YEAR, MONTH))) return whole;
  const seconds = <f64>(dayA - DAY) * 86400.0 + <f64>(timeOf(a) - timeOf(b)) / 1000000.0;
  return whole + seconds / (31.0 * 86400.0);
}
export function months_between_date(ctx: i32, a: i32, b: i32): f64 {
  return months_between(ctx, <i64>a * DAY_US, <i64>b * DAY_US);
}
export function last_day(ctx: i32, v: i32): i32 {
  civil(v);
  return daysFromCivil(YEAR, MONTH, daysInMonth(YEAR, MONTH));
}
export function last_day_timestamp(ctx: i32, ts: i64): i32 {
  return last_day(ctx, dayOf(ts));
}
function weekdayByName(p: i32, n: i32): i32 {
  const h = nameHash(p, n);
  if (h == HASH("su") || h == HASH("sun") || h == HASH("sunday")) return 0;
  if (h == HASH("m") || h == HASH("mo") || h == HASH("mon") || h == HASH("monday")) return 1;
  if (h == HASH("tu") || h == HASH("tue") || h == HASH("tues") || h == HASH("tuesday")) return 2;
  if (h == HASH("w") || h == HASH("we") || h == HASH("wed") || h == HASH("wednesday")) return 3;
  if (h == HASH("th") || h == HASH("thu") || h == HASH("thurs") || h == HASH("thursday")) return 4;
  if (h == HASH("f") || h == HASH("fr") || h == HASH("fri") || h == HASH("friday")) return 5;
  if (h == HASH("sa") || h == HASH("sat") || h == HASH("saturday")) return 6;
  return -1;
}
export function next_day(ctx: i32, v: i32, name: i64): i32 {
  const want = weekdayByName(strPtr(name), strLen(name));
  if (want < 0) {
    const t = alloc_scratch(ctx, 48);
    if (t == 0) return 0;
    const e = PUT(t, "not a valid day of the week");
    failText(ctx, INVALID_PARAMETER, t, e - t);
    return 0;
  }
  const ahead = (want - dayOfWeek(v) + 7) % 7;
  return checkDay(ctx, <i64>v + (ahead == 0 ? 7 : ahead));
}
export function next_day_timestamp(ctx: i32, ts: i64, name: i64): i32 {
  return next_day(ctx, dayOf(ts), name);
}

// ---- comparisons ----
function order(a: i64, b: i64): i32 {
  return a < b ? -1 : a > b ? 1 : 0;
}
export function date_cmp(ctx: i32, a: i32, b: i32): i32 {
  return order(a, b);
}
export function timestamp_cmp(ctx: i32, a: i64, b: i64): i32 {
  return order(a, b);
}
export function date_cmp_timestamp(ctx: i32, a: i32, b: i64): i32 {
  return order(<i64>a * DAY_US, b);
}
export function timestamp_cmp_date(ctx: i32, a: i64, b: i32): i32 {
  return order(a, <i64>b * DAY_US);
}
export function date_cmp_timestamptz(ctx: i32, a: i32, b: i64): i32 {
  return order(local_to_utc(ctx, <i64>a * DAY_US), b);
}
export function timestamptz_cmp_date(ctx: i32, a: i64, b: i32): i32 {
  return order(a, local_to_utc(ctx, <i64>b * DAY_US));
}
export function timestamp_cmp_timestamptz(ctx: i32, a: i64, b: i64): i32 {
  return order(local_to_utc(ctx, a), b);
}
export function timestamptz_cmp_timestamp(ctx: i32, a: i64, b: i64): i32 {
  return order(a, local_to_utc(ctx, b));
}

// ---- operators ----
export function date_add_days(ctx: i32, v: i32, n: i32): i32 {
  return checkDay(ctx, <i64>v + n);
}
export function date_diff_days(ctx: i32, a: i32, b: i32): i32 {
  return a - b;
}
export function date_plus_time(ctx: i32, v: i32, t: i64): i64 {
  return stamp(ctx, v, t);
}
export function timestamp_plus_interval(ctx: i32, ts: i64, lo: i64, hi: i64): i64 {
  const months = <i32>(hi >> 32);
  let days = dayOf(ts);
  const time = timeOf(ts);
  if (months > 4000000 || months < -4000000) return failTimestamp(ctx);
  if (months != 0) days = addMonths(days, months);
  const rest = time + lo % DAY_US;
  return stamp(ctx, <i64>days + <i32>hi + lo / DAY_US, rest);
}
export function date_plus_interval(ctx: i32, v: i32, lo: i64, hi: i64): i64 {
  return timestamp_plus_interval(ctx, <i64>v * DAY_US, lo, hi);
}
export function timestamptz_plus_interval(ctx: i32, ts: i64, lo: i64, hi: i64): i64 {
  if (hi == 0) return shifted(ctx, ts, lo);
  return shifted(ctx, local_to_utc(ctx, timestamp_plus_interval(ctx, utc_to_local(ctx, ts), 0, hi)), lo);
}
export function time_plus_interval(ctx: i32, v: i64, lo: i64, hi: i64): i64 {
  return timeOf(v + lo % DAY_US);
}
/** a - b in microseconds, which are more than a bigint holds for the ends of the range. */
export function timestamp_minus_timestamp(ctx: i32, a: i64, b: i64): i64 {
  return intervald2s_sub(ctx, a, b);
}
/** a - b of two times of day. */
export function time_minus_time(ctx: i32, a: i64, b: i64): i64 {
  return a - b;
}
export function timestamp_minus_interval(ctx: i32, ts: i64, lo: i64, hi: i64): i64 {
  return timestamp_plus_interval(ctx, ts, interval_neg(ctx, lo, hi), load<i64>(ctx, RET_HI));
}
export function date_minus_interval(ctx: i32, v: i32, lo: i64, hi: i64): i64 {
  return timestamp_minus_interval(ctx, <i64>v * DAY_US, lo, hi);
}
export function timestamptz_minus_interval(ctx: i32, ts: i64, lo: i64, hi: i64): i64 {
  return timestamptz_plus_interval(ctx, ts, interval_neg(ctx, lo, hi), load<i64>(ctx, RET_HI));
}
export function time_minus_interval(ctx: i32, v: i64, lo: i64, hi: i64): i64 {
  return timeOf(v - lo % DAY_US);
}

// ---- zones ----
function unknownZone(ctx: i32, name: i64): i64 {
  const n = min(strLen(name), 200);
  const t = alloc_scratch(ctx, n + 48);
  if (t == 0) return 0;
  let e = PUT(t, "time zone \"");
  memory.copy(e, strPtr(name), n);
  e += n;
  e = PUT(e, "\" not recognized");
  failText(ctx, INVALID_PARAMETER, t, e - t);
  return 0;
}
function zonedToUtc(ctx: i32, name: i64, local: i64, kind: i32): i64 {
  const table = zoneByName(ctx, strPtr(name), strLen(name), kind);
  return table == 0 ? unknownZone(ctx, name) : tableToUtc(ctx, table, local);
}
function utcToZoned(ctx: i32, name: i64, utc: i64, kind: i32): i64 {
  const table = zoneByName(ctx, strPtr(name), strLen(name), kind);
  return table == 0 ? unknownZone(ctx, name) : tableToLocal(ctx, table, utc);
}
export function convert_timezone(ctx: i32, target: i64, ts: i64): i64 {
  return utcToZoned(ctx, target, ts, ZONE_CONVERT);
}
export function convert_timezone_from(ctx: i32, source: i64, target: i64, ts: i64): i64 {
  return utcToZoned(ctx, target, zonedToUtc(ctx, source, ts, ZONE_CONVERT), ZONE_CONVERT);
}
export function timezone_timestamp(ctx: i32, name: i64, ts: i64): i64 {
  return zonedToUtc(ctx, name, ts, ZONE_AT);
}
export function timezone_timestamptz(ctx: i32, name: i64, ts: i64): i64 {
  return utcToZoned(ctx, name, ts, ZONE_AT);
}

/** The same moment of the day: a TIMETZ is held and shown in UTC, so that all a zone can be is unknown. */
export function timezone_timetz(ctx: i32, name: i64, v: i64): i64 {
  return zoneByName(ctx, strPtr(name), strLen(name), ZONE_AT) == 0 ? unknownZone(ctx, name) : v;
}

// ---- the clock ----
export function clock_getdate(ctx: i32): i64 {
  const now = utc_to_local(ctx, load<i64>(ctx, STMT_NOW));
  return floorDiv(now, SECOND_US) * SECOND_US;
}
export function clock_sysdate(ctx: i32): i64 {
  return utc_to_local(ctx, load<i64>(ctx, NOW));
}
export function clock_now(ctx: i32): i64 {
  return load<i64>(ctx, NOW);
}
export function clock_date(ctx: i32): i32 {
  return dayOf(utc_to_local(ctx, load<i64>(ctx, NOW)));
}
export function clock_time(ctx: i32): i64 {
  return timeOf(utc_to_local(ctx, load<i64>(ctx, NOW)));
}
/** What the host's clock says now. */
// @ts-ignore: decorator
@external("env", "clock")
declare function clock(ctx: i32): i64;

/** Thu Sep 19 22:53:50.333525 2013 UTC */
export function clock_timeofday(ctx: i32): i64 {
  const p = alloc_scratch(ctx, 64);
  if (p == 0) return 0;
  const utc = clock(ctx);
  const ts = utc_to_local(ctx, utc);
  const days = dayOf(ts);
  civil(days);
  let e = put8(p, dayWord(dayOfWeek(days)), 3);
  store<u8>(e++, 32);
  e = put8(e, monthWord(MONTH), 3);
  store<u8>(e++, 32);
  e = putDigits(e, DAY, 2);
  store<u8>(e++, 32);
  const t = timeOf(ts);
  e = putTime(e, t - t % SECOND_US);
  store<u8>(e++, 46);
  e = putDigits(e, t % SECOND_US, 6);
  store<u8>(e++, 32);
  e = putDigits(e, YEAR, 4);
  e = zoneOffsetAt(ctx, utc) == 0 ? PUT(e, " UTC") : PUT(e, " LT");
  return makeStr(p, e - p);
}
export function isfinite_any(ctx: i32, v: i64): i32 {
  return 1;
}
/** ISO year for callers outside. */
export function iso_year(ctx: i32, v: i32): i32 {
  return isoYear(v);
}
