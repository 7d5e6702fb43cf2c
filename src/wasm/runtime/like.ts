/**
 * LIKE and ILIKE over whole strings: % any run, _ one character, an escape character (backslash by default). Patterns
 * without _ and escapes are split at % and searched piece by piece; others use one backtrack point, the last %, so the
 * time is at most length times pattern. ILIKE folds ASCII letters only; both do all letters for strings of the collation
 * case_insensitive. An escape character of 0 means none.
 */
import { alloc_scratch } from './alloc.ts';
import { BAD_LIKE_ESCAPE, fail, failText, INVALID_PARAMETER } from './errors.ts';
import { toLower } from './letter-case.ts';
import { put8, strLen, strPtr } from './layout.ts';
import { bytesEqual } from './strings-core.ts';
import { charWidth, decodeChar, findByte, findBytes } from './utf8.ts';

/** Which letters are alike: EXACT none, ASCII those of ASCII, FOLDED all that LOWER knows. */
const EXACT: i32 = 0;
const ASCII: i32 = 1;
const FOLDED: i32 = 2;
// @ts-ignore: decorator
@inline
function fold(c: u32, folding: i32): u32 {
  return folding == FOLDED ? toLower(c) : c - 65 < 26 ? c + 32 : c;
}
function pieces(s: i32, sEnd: i32, p: i32, pEnd: i32): i32 {
  let percent = findByte(p, pEnd, 37);
  if (percent < 0) return sEnd - s == pEnd - p && bytesEqual(s, p, pEnd - p) ? 1 : 0;
  const head = percent - p;
  if (sEnd - s < head || !bytesEqual(s, p, head)) return 0;
  s += head;
  p = percent + 1;
  while (true) {
    percent = findByte(p, pEnd, 37);
    if (percent < 0) {
      const tail = pEnd - p;
      return sEnd - s >= tail && bytesEqual(sEnd - tail, p, tail) ? 1 : 0;
    }
    const n = percent - p;
    if (n > 0) {
      const at = findBytes(s, sEnd, p, n);
      if (at < 0) return 0;
      s = at + n;
    }
    p = percent + 1;
  }
}
function general(ctx: i32, s: i32, sEnd: i32, p: i32, pEnd: i32, escape: u32, folding: i32): i32 {
  let backP = -1;
  let backS = 0;
  while (true) {
    if (p < pEnd) {
      let c = decodeChar(p, pEnd);
      let w = charWidth(p, pEnd);
      if (c == 37 && escape != 37) {
        p++;
        if (p >= pEnd) return 1;
        backP = p;
        backS = s;
        continue;
      }
      if (s < sEnd) {
        const d = decodeChar(s, sEnd);
        let hit = false;
        if (escape != 0 && c == escape) {
          if (p + w >= pEnd) {
            fail(ctx, BAD_LIKE_ESCAPE);
            return 0;
          }
          c = decodeChar(p + w, pEnd);
          w += charWidth(p + w, pEnd);
          hit = c == d || (folding != EXACT && fold(c, folding) == fold(d, folding));
        } else hit = c == 95 || c == d || (folding != EXACT && fold(c, folding) == fold(d, folding));
        if (hit) {
          p += w;
          s += charWidth(s, sEnd);
          continue;
        }
      } else {
        if (escape != 0 && c == escape && p + w >= pEnd) fail(ctx, BAD_LIKE_ESCAPE);
        return 0;
      }
    } else if (s >= sEnd) return 1;
    if (backP < 0 || backS >= sEnd) return 0;
    backS += charWidth(backS, sEnd);
    s = backS;
    p = backP;
  }
}
function match(ctx: i32, s: i64, pattern: i64, escape: u32, folding: i32): i32 {
  const sp = strPtr(s);
  const pp = strPtr(pattern);
  const pEnd = pp + strLen(pattern);
  if (folding == EXACT && findByte(pp, pEnd, 95) < 0 && (escape == 0 || (escape < 128 && escape != 37 && findByte(pp, pEnd, escape) < 0))) {
    return pieces(sp, sp + strLen(s), pp, pEnd);
  }
  return general(ctx, sp, sp + strLen(s), pp, pEnd, escape, folding);
}
/** The escape character of an ESCAPE clause; empty means none. */
export function escapeOf(ctx: i32, escape: i64): u32 {
  const n = strLen(escape);
  if (n == 0) return 0;
  const p = strPtr(escape);
  if (charWidth(p, p + n) != n) {
    const t = alloc_scratch(ctx, 64);
    if (t == 0) return 0;
    const e = PUT(t, "invalid escape string");
    failText(ctx, INVALID_PARAMETER, t, e - t);
  }
  return decodeChar(p, p + n);
}
export function str_like(ctx: i32, s: i64, pattern: i64): i32 {
  return match(ctx, s, pattern, 92, EXACT);
}
export function str_not_like(ctx: i32, s: i64, pattern: i64): i32 {
  return match(ctx, s, pattern, 92, EXACT) ^ 1;
}
export function str_ilike(ctx: i32, s: i64, pattern: i64): i32 {
  return match(ctx, s, pattern, 92, ASCII);
}
export function str_not_ilike(ctx: i32, s: i64, pattern: i64): i32 {
  return match(ctx, s, pattern, 92, ASCII) ^ 1;
}
export function str_like_escape(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return match(ctx, s, pattern, escapeOf(ctx, escape), EXACT);
}
export function str_not_like_escape(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return match(ctx, s, pattern, escapeOf(ctx, escape), EXACT) ^ 1;
}
export function str_ilike_escape(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return match(ctx, s, pattern, escapeOf(ctx, escape), ASCII);
}
export function str_not_ilike_escape(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return match(ctx, s, pattern, escapeOf(ctx, escape), ASCII) ^ 1;
}
export function str_like_folded(ctx: i32, s: i64, pattern: i64): i32 {
  return match(ctx, s, pattern, 92, FOLDED);
}
export function str_like_escape_folded(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return match(ctx, s, pattern, escapeOf(ctx, escape), FOLDED);
}
