/**
 * Output forms of intervals besides that of the setting's default: postgres_verbose ("@ 1 day 2 hours ago") and
 * sql_standard ("1-2", "1 2:03:04.5").
 */
import { put8 } from './layout.ts';
import { putFraction } from './datetime-text.ts';
import { putDigits, putI64, putU64 } from './text-out.ts';

const MINUTE_US: i64 = 60000000;
const HOUR_US: i64 = 3600000000;

function putChar(p: i32, c: i32): i32 {
  store<u8>(p, <u8>c);
  return p + 1;
}
/** " 2 days" for a number that is not 0. */
function putVerbose(p: i32, n: i64, word: u64, len: i32): i32 {
  if (n == 0) return p;
  p = put8(putChar(putI64(putChar(p, 32), n), 32), word, len);
  return n == 1 ? p : putChar(p, 115);
}
/** What comes first decides the sign: a negative interval is turned around and ends in "ago". */
export function putVerboseInterval(p: i32, months: i64, days: i64, us: i64): i32 {
  p = putChar(p, 64);
  if (months == 0 && days == 0 && us == 0) return PUT(p, " 0");
  const ago = months != 0 ? months < 0 : days != 0 ? days < 0 : us < 0;
  const sign: i64 = ago ? -1 : 1;
  p = putVerbose(p, (months / 12) * sign, WORD("year"), 4);
  p = putVerbose(p, (months % 12) * sign, WORD("mon"), 3);
  p = putVerbose(p, days * sign, WORD("day"), 3);
  p = putVerbose(p, (us / HOUR_US) * sign, WORD("hour"), 4);
  p = putVerbose(p, ((us % HOUR_US) / MINUTE_US) * sign, WORD("min"), 3);
  const seconds = (us % MINUTE_US) * sign;
  if (seconds != 0) {
    p = putChar(p, 32);
    if (seconds < 0) p = putChar(p, 45);
    const size = seconds < 0 ? -seconds : seconds;
    p = putFraction(putU64(p, size / 1000000), size % 1000000);
    p = size == 1000000 ? PUT(p, " sec") : PUT(p, " secs");
  }
  return ago ? PUT(p, " ago") : p;
}
/** hours:minutes:seconds of a magnitude. */
function putStandardClock(p: i32, us: u64): i32 {
  p = putChar(putU64(p, us / HOUR_US), 58);
  p = putChar(putDigits(p, (us % HOUR_US) / MINUTE_US, 2), 58);
  const seconds = us % MINUTE_US;
  return putFraction(putDigits(p, seconds / 1000000, 2), seconds % 1000000);
}
function putSigned(p: i32, n: i64): i32 {
  return putU64(putChar(p, n < 0 ? 45 : 43), n < 0 ? -n : n);
}
/** One family in one direction as the standard has it; anything else with all fields and their signs. */
export function putStandardInterval(p: i32, months: i64, days: i64, us: i64): i32 {
  const isNegative = months < 0 || days < 0 || us < 0;
  const isPositive = months > 0 || days > 0 || us > 0;
  if (!isNegative && !isPositive) return putChar(p, 48);
  const size = us < 0 ? <u64>-us : <u64>us;
  if ((isNegative && isPositive) || (months != 0 && (days != 0 || us != 0))) {
    const m = months < 0 ? -months : months;
    p = putU64(putChar(p, months < 0 ? 45 : 43), m / 12);
    p = putChar(putU64(putChar(p, 45), m % 12), 32);
    p = putChar(putSigned(p, days), 32);
    return putStandardClock(putChar(p, us < 0 ? 45 : 43), size);
  }
  if (isNegative) p = putChar(p, 45);
  if (months != 0) {
    const m = months < 0 ? -months : months;
    return putU64(putChar(putU64(p, m / 12), 45), m % 12);
  }
  if (days != 0) p = putChar(putU64(p, days < 0 ? -days : days), 32);
  return putStandardClock(p, size);
}
