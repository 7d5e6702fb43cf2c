/**
 * Output forms beyond plain text: the binary numeric of the wire protocol, the text of a boolean cast, and quoting of an
 * UNLOAD field in place.
 */
import { alloc_scratch } from './alloc.ts';
import { magHi, magLo } from './int128.ts';
import { makeStr, put8 } from './layout.ts';
import { pow10, R1, R2, udiv128 } from './wide.ts';

export function cast_bool_text(ctx: i32, v: i32): i64 {
  const p = alloc_scratch(ctx, 8);
  if (p == 0) return 0;
  const end = v ? put8(p, WORD("true"), 4) : put8(p, WORD("false"), 5);
  return makeStr(p, end - p);
}
function put16(p: i32, v: i32): void {
  store<u16>(p, bswap<u16>(<u16>v));
}
/**
 * Postgres' binary numeric: digit count, weight, sign, display scale, base-10000 digits, all 16-bit big-endian. Works on
 * the integer and the fraction apart, so that the groups line up with the decimal point. Touches up to 48 bytes.
 */
export function fmt_numeric_binary(ctx: i32, out: i32, lo: i64, hi: i64, scale: i32): i32 {
  let l = magLo(lo, hi);
  let h = magHi(lo, hi);
  // Groups are taken from the right; the first one holds the digits that fill the last fraction group.
  const short = scale & 3;
  const groups = out + 8;
  let n = 0;
  if (short != 0) {
    const d = pow10(short);
    const q = udiv128(l, h, d, 0);
    const qh = R1;
    put16(groups + n++ * 2, <i32>(R2 * pow10(4 - short)));
    l = q;
    h = qh;
  }
  while ((l | h) != 0) {
    const q = udiv128(l, h, 10000, 0);
    const qh = R1;
    put16(groups + n++ * 2, <i32>R2);
    l = q;
    h = qh;
  }
  const fractionGroups = (scale + 3) >> 2;
  const weight = n - fractionGroups - 1;
  for (let i = 0, j = n - 1; i < j; i++, j--) {
    const t = load<u16>(groups + i * 2);
    store<u16>(groups + i * 2, load<u16>(groups + j * 2));
    store<u16>(groups + j * 2, t);
  }
  // trailing and leading zero groups are not sent
  while (n > 0 && load<u16>(groups + n * 2 - 2) == 0) n--;
  let lead = 0;
  while (lead < n && load<u16>(groups + lead * 2) == 0) lead++;
  if (lead > 0) {
    memory.copy(groups, groups + lead * 2, (n - lead) * 2);
    n -= lead;
  }
  put16(out, n);
  put16(out + 2, n == 0 ? 0 : weight - lead);
  put16(out + 4, hi < 0 && n > 0 ? 0x4000 : 0);
  put16(out + 6, scale);
  return groups + n * 2;
}
const CSV: i32 = 1;
const ADD_QUOTES: i32 = 2;
const ESCAPE: i32 = 4;
function special(c: i32, delimiter: i32, flags: i32): bool {
  if (flags & CSV) return c == 34;
  if (flags & ESCAPE) return c == 92 || c == 10 || c == 13 || c == delimiter || ((flags & ADD_QUOTES) != 0 && c == 34);
  return false;
}
/**
 * Quotes the field text at start..end in place and returns the new end. flags: 1 CSV (quoted when it holds a delimiter,
 * quote or line end; quotes doubled), 2 always quoted, 4 backslash before special characters. The text can grow to
 * twice its length plus two.
 */
export function unload_quote(ctx: i32, start: i32, end: i32, delimiter: i32, flags: i32): i32 {
  let extra = 0;
  let needed = (flags & ADD_QUOTES) != 0;
  for (let p = start; p < end; p++) {
    const c = <i32>load<u8>(p);
    if (special(c, delimiter, flags)) extra++;
    if ((flags & CSV) != 0 && (c == delimiter || c == 34 || c == 10 || c == 13)) needed = true;
  }
  if (!needed && extra == 0) return end;
  const around = needed ? 1 : 0;
  const newEnd = end + extra + 2 * around;
  let to = newEnd - around;
  for (let p = end - 1; p >= start; p--) {
    const c = <i32>load<u8>(p);
    store<u8>(--to, <u8>c);
    if (special(c, delimiter, flags)) store<u8>(--to, (flags & CSV) != 0 ? 34 : 92);
  }
  if (needed) {
    store<u8>(start, 34);
    store<u8>(newEnd - 1, 34);
  }
  return newEnd;
}
