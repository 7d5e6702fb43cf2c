/**
 * Escapes of JSON strings, for all who read them: COPY's scanner (json-load.ts), the functions over texts (json-text.ts) and the
 * builder of SUPER values (super-parse.ts).
 */
import { hexUnit } from './hex.ts';

/**
 * What the escape behind the backslash in front of `p` stands for: its character and, above it, the bytes it takes; -1 when it is
 * none. U+0000 is in no text of ours; two \u of a pair are one escape.
 */
export function jsonEscape(p: i32, end: i32): i64 {
  if (p >= end) return -1;
  const c = <i32>load<u8>(p);
  const one = <i64>1 << 32;
  switch (c) {
    case 0x22: case 0x5c: case 0x2f: return one | <i64>c;
    case 0x62: return one | 8;
    case 0x66: return one | 12;
    case 0x6e: return one | 10;
    case 0x72: return one | 13;
    case 0x74: return one | 9;
    case 0x75: break;
    default: return -1;
  }
  const unit = hexUnit(p + 1, end);
  if (unit <= 0 || (unit >= 0xdc00 && unit < 0xe000)) return -1;
  if (unit < 0xd800 || unit >= 0xe000) return (<i64>5 << 32) | <i64>unit;
  if (end - p < 11 || load<u8>(p, 5) != 0x5c || load<u8>(p, 6) != 0x75) return -1;
  const low = hexUnit(p + 7, end);
  if (low < 0xdc00 || low >= 0xe000) return -1;
  return (<i64>11 << 32) | <i64>(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
}
