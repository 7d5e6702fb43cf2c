/**
 * Text to interval: '1 year 2 mons -3 days 04:05:06.7', '1w, 1h, 1m, 1s', '1-2' (years-months), '1 2:03' (days, clock),
 * '@ 1 day ago'. A bare number is in the unit the qualifier names, seconds without one. Fractions go down: of months to
 * days of 30, of days to microseconds. Sums that do not fit fail with 22008, never wrap.
 */
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from './calendar.ts';
import { DATETIME_RANGE, failStr, INTERVAL_INPUT } from './errors.ts';
import { setRetHi, strLen, strPtr } from './layout.ts';
import { nameHash } from './text-hash.ts';

const U_US: i32 = 1;
const U_MS: i32 = 2;
const U_SECOND: i32 = 3;
const U_MINUTE: i32 = 4;
const U_HOUR: i32 = 5;
const U_DAY: i32 = 6;
const U_WEEK: i32 = 7;
const U_MONTH: i32 = 8;
const U_QUARTER: i32 = 9;
const U_YEAR: i32 = 10;
const U_DECADE: i32 = 11;
const U_CENTURY: i32 = 12;
const U_MILLENNIUM: i32 = 13;

const OK: i32 = 0;
const SYNTAX: i32 = 1;
const RANGE: i32 = 2;

let months: i64 = 0;
let days: i64 = 0;
let us: i64 = 0;
let outside: bool = false;
let pos: i32 = 0;
let end: i32 = 0;
/** The digits behind the point: as a fraction, and in microseconds rounded at the seventh digit. */
let fraction: f64 = 0;
let fractionUs: i64 = 0;
let hasPoint: bool = false;
/** Unit of a bare number; 0 when a clock of two numbers is minutes and seconds. */
let bareUnit: i32 = 0;
let clockIsMinutes: bool = false;

function unitOf(h: u64): i32 {
  if (h == HASH("us") || h == HASH("usec") || h == HASH("usecs") || h == HASH("microsecond") || h == HASH("microseconds")) return U_US;
  if (h == HASH("microsec") || h == HASH("microsecs") || h == HASH("usecond") || h == HASH("useconds")) return U_US;
  if (h == HASH("ms") || h == HASH("msec") || h == HASH("msecs") || h == HASH("millisecond") || h == HASH("milliseconds")) return U_MS;
  if (h == HASH("millisec") || h == HASH("millisecs") || h == HASH("millisecon") || h == HASH("msecond") || h == HASH("mseconds")) return U_MS;
  if (h == HASH("s") || h == HASH("sec") || h == HASH("secs") || h == HASH("second") || h == HASH("seconds")) return U_SECOND;
  if (h == HASH("m") || h == HASH("min") || h == HASH("mins") || h == HASH("minute") || h == HASH("minutes")) return U_MINUTE;
  if (h == HASH("h") || h == HASH("hr") || h == HASH("hrs") || h == HASH("hour") || h == HASH("hours")) return U_HOUR;
  if (h == HASH("d") || h == HASH("day") || h == HASH("days")) return U_DAY;
  if (h == HASH("w") || h == HASH("week") || h == HASH("weeks")) return U_WEEK;
  if (h == HASH("mon") || h == HASH("mons") || h == HASH("month") || h == HASH("months")) return U_MONTH;
  if (h == HASH("qtr") || h == HASH("qtrs") || h == HASH("quarter") || h == HASH("quarters")) return U_QUARTER;
  if (h == HASH("y") || h == HASH("yr") || h == HASH("yrs") || h == HASH("year") || h == HASH("years")) return U_YEAR;
  if (h == HASH("decade") || h == HASH("decades") || h == HASH("dec") || h == HASH("decs")) return U_DECADE;
  if (h == HASH("century") || h == HASH("centuries") || h == HASH("c") || h == HASH("cent") || h == HASH("cents")) return U_CENTURY;
  if (h == HASH("millennium") || h == HASH("millennia") || h == HASH("mil") || h == HASH("mils")) return U_MILLENNIUM;
  return 0;
}
function addUs(n: i64): void {
  const r = us + n;
  if (((us ^ r) & (n ^ r)) < 0) outside = true;
  us = r;
}
/** sign * (whole + fraction) units of `unit` microseconds. */
function addTime(sign: i64, whole: i64, unit: i64): void {
  if (whole > 0x7fffffffffffffff / unit) outside = true;
  else {
    addUs(sign * whole * unit);
    addUs(sign * (unit == SECOND_US ? fractionUs : <i64>nearest(fraction * <f64>unit)));
  }
}
function addDays(sign: i64, whole: i64, per: i64): void {
  days += sign * whole * per;
  const more = fraction * <f64>per;
  const full = <i64>more;
  days += sign * full;
  addUs(sign * <i64>nearest((more - <f64>full) * <f64>DAY_US));
}
function addMonths(sign: i64, whole: i64, per: i64): void {
  months += sign * whole * per;
  if (per == 1) {
    const more = fraction * 30.0;
    const full = <i64>more;
    days += sign * full;
    addUs(sign * <i64>nearest((more - <f64>full) * <f64>DAY_US));
  } else months += sign * <i64>nearest(fraction * <f64>per);
}
function addUnit(unit: i32, sign: i64, whole: i64): i32 {
  switch (unit) {
    case U_US: addTime(sign, whole, 1); return OK;
    case U_MS: addTime(sign, whole, 1000); return OK;
    case U_SECOND: addTime(sign, whole, SECOND_US); return OK;
    case U_MINUTE: addTime(sign, whole, MINUTE_US); return OK;
    case U_HOUR: addTime(sign, whole, HOUR_US); return OK;
    case U_DAY: addDays(sign, whole, 1); return OK;
    case U_WEEK: addDays(sign, whole, 7); return OK;
    case U_MONTH: addMonths(sign, whole, 1); return OK;
    case U_QUARTER: addMonths(sign, whole, 3); return OK;
    case U_YEAR: addMonths(sign, whole, 12); return OK;
    case U_DECADE: addMonths(sign, whole, 120); return OK;
    case U_CENTURY: addMonths(sign, whole, 1200); return OK;
    case U_MILLENNIUM: addMonths(sign, whole, 12000); return OK;
    default: return SYNTAX;
  }
}
function at(p: i32): i32 {
  return p < end ? <i32>load<u8>(p) : 0;
}
function isDigit(p: i32): bool {
  const c = at(p);
  return c >= 48 && c <= 57;
}
function isLetter(p: i32): bool {
  const c = at(p) | 32;
  return c >= 97 && c <= 122;
}
function readWhole(): i64 {
  let v: i64 = 0;
  while (isDigit(pos)) {
    if (v > 900000000000000000) outside = true;
    else v = v * 10 + at(pos) - 48;
    pos++;
  }
  return v;
}
function readFraction(): void {
  fraction = 0;
  fractionUs = 0;
  hasPoint = at(pos) == 46;
  if (!hasPoint) return;
  pos++;
  let n = 0;
  let scale = 0.1;
  while (isDigit(pos)) {
    const d = at(pos) - 48;
    if (n < 6) fractionUs = fractionUs * 10 + d;
    else if (n == 6 && d >= 5) fractionUs++;
    fraction += scale * <f64>d;
    scale /= 10;
    n++;
    pos++;
  }
  for (; n < 6; n++) fractionUs *= 10;
}
function skipBlanks(): void {
  while (pos < end) {
    const c = at(pos);
    if (c != 32 && c != 44 && c != 64 && (c < 9 || c > 13)) return;
    pos++;
  }
}
/** hours:minutes[:seconds[.f]] with the first number read; [minutes:seconds.f] when the qualifier or a fraction says so. */
function scanClock(sign: i64, first: i64): i32 {
  pos++;
  if (!isDigit(pos)) return SYNTAX;
  const second = readWhole();
  let third: i64 = 0;
  readFraction();
  let minutesFirst = clockIsMinutes || hasPoint;
  if (at(pos) == 58) {
    if (!isDigit(pos + 1)) return SYNTAX;
    pos++;
    third = readWhole();
    readFraction();
    minutesFirst = false;
  }
  const hours = minutesFirst ? 0 : first;
  const minutes = minutesFirst ? first : second;
  const seconds = minutesFirst ? second : third;
  if (minutes > 59 || seconds > 60) return RANGE;
  const part = fractionUs;
  fraction = 0;
  fractionUs = 0;
  addTime(sign, hours, HOUR_US);
  addUs(sign * (minutes * MINUTE_US + seconds * SECOND_US + part));
  return OK;
}
/** A number with its unit, a clock or years-months; the sign was read. */
function scanNumber(sign: i64): i32 {
  const whole = readWhole();
  if (at(pos) == 58) return scanClock(sign, whole);
  if (at(pos) == 45 && isDigit(pos + 1)) {
    pos++;
    const rest = readWhole();
    // '2024-01-01' is a date.
    if (at(pos) == 45 || at(pos) == 43) return SYNTAX;
    if (rest > 11) return RANGE;
    fraction = 0;
    addMonths(sign, whole * 12 + rest, 1);
    return OK;
  }
  readFraction();
  skipBlanks();
  const word = pos;
  while (isLetter(pos)) pos++;
  if (pos > word && nameHash(word, pos - word) != HASH("ago")) return addUnit(unitOf(nameHash(word, pos - word)), sign, whole);
  pos = word;
  if (pos >= end || pos > word || isLetter(pos)) return addUnit(bareUnit, sign, whole);
  // More follows: a clock or a smaller unit, in front of which a bare number is days.
  return addUnit(followedByClock() || bareUnit < U_DAY && bareUnit != U_SECOND ? U_DAY : 0, sign, whole);
}
function followedByClock(): bool {
  let p = pos;
  if (at(p) == 45 || at(p) == 43) p++;
  while (isDigit(p)) p++;
  return at(p) == 58;
}
function scan(): i32 {
  let any = false;
  skipBlanks();
  while (pos < end) {
    let sign: i64 = 1;
    const c = at(pos);
    if (c == 45 || c == 43) {
      if (c == 45) sign = -1;
      pos++;
      while (at(pos) == 32) pos++;
    }
    if (!isDigit(pos) && !(at(pos) == 46 && isDigit(pos + 1))) {
      if (!any || c == 45 || c == 43) return SYNTAX;
      const word = pos;
      while (isLetter(pos)) pos++;
      if (nameHash(word, pos - word) != HASH("ago")) return SYNTAX;
      skipBlanks();
      months = -months;
      days = -days;
      us = -us;
      return pos < end ? SYNTAX : OK;
    }
    any = true;
    const r = scanNumber(sign);
    if (r != OK) return r;
    if (outside || months != <i64><i32>months || days != <i64><i32>days) return RANGE;
    skipBlanks();
  }
  return any ? OK : SYNTAX;
}
/**
 * An interval of text behind which a qualifier may stand: `bare` is the unit of a bare number by its code above, and with
 * `minutes` a clock of two numbers is minutes and seconds.
 */
export function text_to_interval_in(ctx: i32, s: i64, bare: i32, minutes: i32): i64 {
  pos = strPtr(s);
  end = pos + strLen(s);
  months = 0;
  days = 0;
  us = 0;
  outside = false;
  bareUnit = bare;
  clockIsMinutes = minutes != 0;
  const r = scan();
  if (r != OK) {
    failStr(ctx, r == RANGE ? DATETIME_RANGE : INTERVAL_INPUT, s);
    return 0;
  }
  setRetHi(ctx, (months << 32) | (days & 0xffffffff));
  return us;
}
export function text_to_interval(ctx: i32, s: i64): i64 {
  return text_to_interval_in(ctx, s, U_SECOND, 0);
}
