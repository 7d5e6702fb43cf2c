/**
 * Simple case mapping of code points by ranges: Latin-1, Latin Extended-A and parts of B, Latin Extended Additional,
 * Greek, Cyrillic, Armenian, full-width letters. Characters outside those ranges map to themselves.
 */
// @ts-ignore: decorator
@inline
function within(c: u32, lo: u32, hi: u32): bool {
  return c - lo <= hi - lo;
}
/** Ranges in which even code points are upper case and the next odd one is their lower case. */
function evenPairs(c: u32): bool {
  return within(c, 0x100, 0x12f) || within(c, 0x132, 0x137) || within(c, 0x14a, 0x177) || within(c, 0x1de, 0x1ef) ||
    within(c, 0x1f8, 0x21f) || within(c, 0x222, 0x233) || within(c, 0x246, 0x24f) || within(c, 0x3d8, 0x3ef) ||
    within(c, 0x460, 0x481) || within(c, 0x48a, 0x4bf) || within(c, 0x4d0, 0x52f) || within(c, 0x1e00, 0x1e95) ||
    within(c, 0x1ea0, 0x1eff);
}
/** Ranges in which odd code points are upper case. */
function oddPairs(c: u32): bool {
  return within(c, 0x139, 0x148) || within(c, 0x179, 0x17e) || within(c, 0x1cd, 0x1dc) || within(c, 0x4c1, 0x4ce);
}
export function toUpper(c: u32): u32 {
  if (c < 0x80) return within(c, 97, 122) ? c - 32 : c;
  if (c < 0x100) {
    if (within(c, 0xe0, 0xfe) && c != 0xf7) return c - 32;
    return c == 0xff ? 0x178 : c == 0xb5 ? 0x39c : c;
  }
  if (evenPairs(c)) return c & ~1;
  if (oddPairs(c)) return (c & 1) == 0 ? c - 1 : c;
  if (within(c, 0x3b1, 0x3cb)) return c == 0x3c2 ? 0x3a3 : c - 32;
  if (within(c, 0x430, 0x44f)) return c - 32;
  if (within(c, 0x450, 0x45f)) return c - 80;
  if (within(c, 0x561, 0x586)) return c - 48;
  if (within(c, 0xff41, 0xff5a)) return c - 32;
  if (within(c, 0x3ad, 0x3af)) return c - 37;
  switch (c) {
    case 0x131: return 0x49;
    case 0x17f: return 0x53;
    case 0x3ac: return 0x386;
    case 0x3cc: return 0x38c;
    case 0x3cd: return 0x38e;
    case 0x3ce: return 0x38f;
    case 0x4cf: return 0x4c0;
    default: return c;
  }
}
export function toLower(c: u32): u32 {
  if (c < 0x80) return within(c, 65, 90) ? c + 32 : c;
  if (c < 0x100) return within(c, 0xc0, 0xde) && c != 0xd7 ? c + 32 : c;
  if (evenPairs(c)) return c | 1;
  if (oddPairs(c)) return (c & 1) == 1 ? c + 1 : c;
  if (within(c, 0x391, 0x3ab) && c != 0x3a2) return c + 32;
  if (within(c, 0x410, 0x42f)) return c + 32;
  if (within(c, 0x400, 0x40f)) return c + 80;
  if (within(c, 0x531, 0x556)) return c + 48;
  if (within(c, 0xff21, 0xff3a)) return c + 32;
  if (within(c, 0x388, 0x38a)) return c + 37;
  switch (c) {
    case 0x130: return 0x69;
    case 0x178: return 0xff;
    case 0x386: return 0x3ac;
    case 0x38c: return 0x3cc;
    case 0x38e: return 0x3cd;
    case 0x38f: return 0x3ce;
    case 0x4c0: return 0x4cf;
    case 0x1e9e: return 0xdf;
    default: return c;
  }
}
