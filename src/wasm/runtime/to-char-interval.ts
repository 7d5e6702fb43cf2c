/**
 * Fields of to_char of an interval, as PostgreSQL fills them: years and months, days and a time of less than a day, all with the
 * interval's sign. Patterns of a calendar date (names of months and days, eras, zones) are refused; the ISO ones and J count
 * days from 1 BC on, which means nothing but is a number.
 */
import {
  DAY_US, daysFromCivil, HOUR_US, isoWeek, isoYear, isoYearStart, JULIAN_2000, MINUTE_US, SECOND_US,
} from './calendar.ts';
import {
  F_AM, F_AMDOT, F_CC, F_DD, F_DDD, F_HH12, F_HH24, F_I, F_IDDD, F_IW, F_IY, F_IYY, F_IYYY, F_J, F_MI, F_MM, F_MS, F_Q,
  F_RM, F_SS, F_SSSS, F_US, F_W, F_WW, F_Y, F_YCOMMA, F_YY, F_YYY, F_YYYY,
} from './datetime-pattern.ts';
import { fail, INTERVAL_PATTERN } from './errors.ts';
import { put8 } from './layout.ts';
import { putNumber, putRoman, setCase } from './text-fields.ts';
import { putDigits } from './text-out.ts';

let years: i32 = 0;
let months: i32 = 0;
let days: i64 = 0;
let time: i64 = 0;

export function setSpan(m: i32, d: i32, us: i64): void {
  years = m / 12;
  months = m % 12;
  days = <i64>d + us / DAY_US;
  time = us % DAY_US;
}
/** So many places for digits and sign together. */
function putSigned(o: i32, v: i64, places: i32, fm: bool = false): i32 {
  return putNumber(o, v, v < 0 ? places - 1 : places, fm);
}
/** The sign of the years has a place of its own, even where the digits are all zero. */
function putYears(o: i32, v: i32, digits: i32, fm: bool): i32 {
  return putNumber(o, v, v == 0 && years < 0 ? digits + 1 : digits, fm);
}
/** The day that the fields would be a date of. */
function dayNumber(): i32 {
  return daysFromCivil(years, months, 0) + <i32>min<i64>(max<i64>(days, -1000000000), 1000000000);
}
function timePart(o: i32, f: i32, fm: bool, how: i32): i32 {
  const h = time / HOUR_US;
  switch (f) {
    case F_HH24: return putNumber(o, h, 2, fm);
    case F_HH12: {
      const twelve = h % 12 == 0 ? 12 : h % 12;
      if (h >= 0 || h % 12 != 0 || fm) return putNumber(o, twelve, 2, fm);
      return putDigits(o, twelve, 3);
    }
    case F_MI: return putNumber(o, (time / MINUTE_US) % 60, 2, fm);
    case F_SS: return putNumber(o, (time / SECOND_US) % 60, 2, fm);
    case F_SSSS: return putNumber(o, time / SECOND_US, 1, fm);
    case F_MS: return putSigned(o, (time % SECOND_US) / 1000, 3);
    case F_US: return putSigned(o, time % SECOND_US, 6);
    case F_AM: {
      put8(o, h >= 12 ? WORD("PM") : WORD("AM"), 2);
      setCase(o, 2, how == 0 ? 0 : 2);
      return o + 2;
    }
    default: {
      put8(o, h >= 12 ? WORD("P.M.") : WORD("A.M."), 4);
      setCase(o, 4, how == 0 ? 0 : 2);
      return o + 4;
    }
  }
}
/** Nothing where there are neither months nor years; of whole years XII, or I of negative ones. */
function romanPart(o: i32, fm: bool, how: i32): i32 {
  if (months == 0 && years == 0) return o;
  const m = months > 0 ? months : months < 0 ? 13 + months : years >= 0 ? 12 : 1;
  let e = putRoman(o, m);
  setCase(o, e - o, how == 0 ? 0 : 2);
  while (e - o < 4 && !fm) store<u8>(e++, 32);
  return e;
}
/** Writes the field of a pattern; 0 when an interval has none. */
export function spanField(ctx: i32, o: i32, f: i32, fm: bool, how: i32): i32 {
  if ((f >= F_HH24 && f <= F_AMDOT) || f == F_SSSS) return timePart(o, f, fm, how);
  switch (f) {
    case F_YYYY: return putYears(o, years, 4, fm);
    case F_YYY: return putYears(o, years % 1000, 3, fm);
    case F_YY: return putYears(o, years % 100, 2, fm);
    case F_Y: return putNumber(o, years % 10, 1, fm);
    case F_YCOMMA: {
      o = putNumber(o, years / 1000, 1, fm);
      store<u8>(o, 44);
      return putSigned(o + 1, years % 1000, 3);
    }
    case F_IYYY: return putNumber(o, isoYear(dayNumber()), 4, fm);
    case F_IYY: return putNumber(o, isoYear(dayNumber()) % 1000, 3, fm);
    case F_IY: return putNumber(o, isoYear(dayNumber()) % 100, 2, fm);
    case F_I: return putNumber(o, isoYear(dayNumber()) % 10, 1, fm);
    case F_CC: return putNumber(o, years / 100, 2, fm);
    case F_Q: return months == 0 ? o : putNumber(o, (months - 1) / 3 + 1, 1, fm);
    case F_MM: return putNumber(o, months, 2, fm);
    case F_RM: return romanPart(o, fm, how);
    case F_W: return putNumber(o, (days - 1) / 7 + 1, 1, fm);
    case F_WW: return putSigned(o, (dayOfSpan() - 1) / 7 + 1, 2, fm);
    case F_DDD: return putSigned(o, dayOfSpan(), 3, fm);
    case F_IW: return putNumber(o, isoWeek(dayNumber()), 2, fm);
    case F_IDDD: {
      const day = dayNumber();
      return putNumber(o, day - isoYearStart(isoYear(day)) + 1, 3, fm);
    }
    case F_DD: return putSigned(o, days, 2, fm);
    case F_J: return putNumber(o, <i64>dayNumber() + JULIAN_2000, 1, fm);
    default:
      fail(ctx, INTERVAL_PATTERN);
      return 0;
  }
}
/** Days of the span, a month being thirty. */
function dayOfSpan(): i64 {
  return (<i64>years * 12 + months) * 30 + days;
}
