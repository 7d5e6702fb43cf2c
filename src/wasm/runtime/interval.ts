/**
 * Intervals: text in, comparison, arithmetic. An interval is an i128: low word microseconds, high word months in its
 * upper half and days in its lower half.
 */
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from './calendar.ts';
import { failStr, INTERVAL_INPUT } from './errors.ts';
import { i128_cmp } from './int128.ts';
import { setRetHi, strLen, strPtr } from './layout.ts';
import { nameHash } from './text-hash.ts';
import { mulWide, R1 } from './wide.ts';

let months: i64 = 0;
let days: i64 = 0;
let us: i64 = 0;

function unitOf(h: u64): i32 {
  if (h == HASH("us") || h == HASH("usec") || h == HASH("usecs") || h == HASH("microsecond") || h == HASH("microseconds")) return 1;
  if (h == HASH("ms") || h == HASH("msec") || h == HASH("msecs") || h == HASH("millisecond") || h == HASH("milliseconds")) return 2;
  if (h == HASH("s") || h == HASH("sec") || h == HASH("secs") || h == HASH("second") || h == HASH("seconds")) return 3;
  if (h == HASH("m") || h == HASH("min") || h == HASH("mins") || h == HASH("minute") || h == HASH("minutes")) return 4;
  if (h == HASH("h") || h == HASH("hr") || h == HASH("hrs") || h == HASH("hour") || h == HASH("hours")) return 5;
  if (h == HASH("d") || h == HASH("day") || h == HASH("days")) return 6;
  if (h == HASH("w") || h == HASH("week") || h == HASH("weeks")) return 7;
  if (h == HASH("mon") || h == HASH("mons") || h == HASH("month") || h == HASH("months")) return 8;
  if (h == HASH("qtr") || h == HASH("qtrs") || h == HASH("quarter") || h == HASH("quarters")) return 9;
  if (h == HASH("y") || h == HASH("yr") || h == HASH("yrs") || h == HASH("year") || h == HASH("years")) return 10;
  if (h == HASH("decade") || h == HASH("decades") || h == HASH("dec") || h == HASH("decs")) return 11;
  if (h == HASH("century") || h == HASH("centuries") || h == HASH("c") || h == HASH("cent")) return 12;
  if (h == HASH("millennium") || h == HASH("millennia") || h == HASH("mil") || h == HASH("mils")) return 13;
  return 0;
}
/** Adds whole.fraction units; the fraction is in millionths. */
function addUnit(unit: i32, whole: i64, micro: i64): bool {
  switch (unit) {
    case 1: us += whole; return true;
    case 2: us += whole * 1000 + micro / 1000; return true;
    case 3: us += whole * SECOND_US + micro; return true;
    case 4: us += whole * MINUTE_US + micro * 60; return true;
    case 5: us += whole * HOUR_US + micro * 3600; return true;
    case 6:
      days += whole;
      us += micro * 86400;
      return true;
    case 7: {
      days += whole * 7 + (micro * 7) / 1000000;
      us += ((micro * 7) % 1000000) * 86400;
      return true;
    }
    case 8: {
      months += whole;
      const d = micro * 30;
      days += d / 1000000;
      us += (d % 1000000) * 86400;
      return true;
    }
    case 9: months += whole * 3; return true;
    case 10: months += whole * 12 + (micro * 12) / 1000000; return true;
    case 11: months += whole * 120; return true;
    case 12: months += whole * 1200; return true;
    case 13: months += whole * 12000; return true;
    default: return false;
  }
}
let pos: i32 = 0;
let end: i32 = 0;
let fraction: i64 = 0;
function isDigit(p: i32): bool {
  return p < end && load<u8>(p) >= 48 && load<u8>(p) <= 57;
}
function readWhole(): i64 {
  let v: i64 = 0;
  while (isDigit(pos)) {
    if (v < 100000000000000) v = v * 10 + load<u8>(pos) - 48;
    pos++;
  }
  return v;
}
function readFraction(): void {
  fraction = 0;
  if (pos >= end || load<u8>(pos) != 46) return;
  pos++;
  let scale: i64 = 100000;
  while (isDigit(pos)) {
    fraction += scale * (load<u8>(pos) - 48);
    scale /= 10;
    pos++;
  }
}
function scan(): bool {
  let any = false;
  while (pos < end) {
    const c = <i32>load<u8>(pos);
    if (c == 32 || c == 44 || c == 64 || (c >= 9 && c <= 13)) {
      pos++;
      continue;
    }
    let sign: i64 = 1;
    if (c == 45 || c == 43) {
      if (c == 45) sign = -1;
      pos++;
    }
    if (!isDigit(pos) && !(pos < end && load<u8>(pos) == 46)) {
      if (any && nameHash(pos, end - pos) == HASH("ago")) {
        months = -months;
        days = -days;
        us = -us;
        return true;
      }
      return false;
    }
    any = true;
    const whole = readWhole();
    if (pos < end && load<u8>(pos) == 58) {
      if (!scanClock(sign, whole)) return false;
      continue;
    }
    if (pos < end && load<u8>(pos) == 45 && isDigit(pos + 1)) {
      pos++;
      months += sign * (whole * 12 + readWhole());
      continue;
    }
    readFraction();
    while (pos < end && load<u8>(pos) == 32) pos++;
    const word = pos;
    while (pos < end && (load<u8>(pos) | 32) >= 97 && (load<u8>(pos) | 32) <= 122) pos++;
    if (pos == word) {
      // "1 2:03:04": days before a clock; otherwise seconds
      const clock = isDigit(pos) && hasColon(pos);
      if (!addUnit(clock ? 6 : 3, sign * whole, sign * fraction)) return false;
    } else if (!addUnit(unitOf(nameHash(word, pos - word)), sign * whole, sign * fraction)) return false;
  }
  return any;
}
function hasColon(p: i32): bool {
  while (isDigit(p)) p++;
  return p < end && load<u8>(p) == 58;
}
function scanClock(sign: i64, hours: i64): bool {
  pos++;
  const minutes = readWhole();
  let seconds: i64 = 0;
  fraction = 0;
  if (pos < end && load<u8>(pos) == 58) {
    pos++;
    seconds = readWhole();
    readFraction();
  }
  us += sign * (hours * HOUR_US + minutes * MINUTE_US + seconds * SECOND_US + fraction);
  return true;
}
function give(ctx: i32): i64 {
  setRetHi(ctx, (months << 32) | (days & 0xffffffff));
  return us;
}
export function text_to_interval(ctx: i32, s: i64): i64 {
  pos = strPtr(s);
  end = pos + strLen(s);
  months = 0;
  days = 0;
  us = 0;
  if (!scan() || months != <i64><i32>months || days != <i64><i32>days) {
    failStr(ctx, INTERVAL_INPUT, s);
    return 0;
  }
  return give(ctx);
}
/**
 * An interval as one number: microseconds, with days of 24 hours and months of 30 days. Equal spans are equal intervals:
 * comparison, hashing and sort keys of the type go through it.
 */
export function interval_span(ctx: i32, lo: i64, hi: i64): i64 {
  const d = (hi >> 32) * 30 + <i64><i32>hi;
  const l = mulWide(<u64>(d < 0 ? -d : d), <u64>DAY_US);
  const low = d < 0 ? -l : l;
  const high = d < 0 ? ~R1 + (l == 0 ? 1 : 0) : R1;
  const sum = low + <u64>lo;
  setRetHi(ctx, <i64>(high + <u64>(lo >> 63) + (sum < low ? 1 : 0)));
  return <i64>sum;
}
/** Order with months of 30 days. */
export function interval_cmp(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i32 {
  const a = interval_span(ctx, alo, ahi);
  const ah = load<i64>(ctx, 16);
  const b = interval_span(ctx, blo, bhi);
  return i128_cmp(a, ah, b, load<i64>(ctx, 16));
}
export function interval_add(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  months = (ahi >> 32) + (bhi >> 32);
  days = <i64><i32>ahi + <i64><i32>bhi;
  us = alo + blo;
  return give(ctx);
}
export function interval_neg(ctx: i32, lo: i64, hi: i64): i64 {
  months = -(hi >> 32);
  days = -<i64><i32>hi;
  us = -lo;
  return give(ctx);
}
export function interval_mul(ctx: i32, lo: i64, hi: i64, by: f64): i64 {
  const m = <f64>(hi >> 32) * by;
  months = <i64>m;
  const d = <f64><i32>hi * by + (m - <f64>months) * 30.0;
  days = <i64>d;
  us = <i64>nearest(<f64>lo * by + (d - <f64>days) * 86400000000.0);
  return give(ctx);
}
