/**
 * UTF-8 below the string functions: character counts and positions, decoding and encoding, substring search. Invalid
 * bytes count as one character each.
 */
// @ts-ignore: decorator
@inline
export function charWidth(p: i32, end: i32): i32 {
  const c = load<u8>(p);
  if (c < 0x80) return 1;
  const w = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
  return p + w <= end ? w : end - p;
}
export function countChars(p: i32, n: i32): i32 {
  let count = 0;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const w = load<u64>(p + i);
    // continuation bytes are 10xxxxxx
    count += 8 - <i32>popcnt<u64>((w >>> 7) & ~(w >>> 6) & 0x0101010101010101);
  }
  for (; i < n; i++) if ((load<u8>(p + i) & 0xc0) != 0x80) count++;
  return count;
}
export function isAscii(p: i32, n: i32): bool {
  let i = 0;
  for (; i + 8 <= n; i += 8) if ((load<u64>(p + i) & 0x8080808080808080) != 0) return false;
  for (; i < n; i++) if (load<u8>(p + i) >= 0x80) return false;
  return true;
}
/** Address of the character `chars` further on, or `end`. */
export function skipChars(p: i32, end: i32, chars: i32): i32 {
  while (chars > 0 && p < end) {
    p += charWidth(p, end);
    chars--;
  }
  return p;
}
export function decodeChar(p: i32, end: i32): u32 {
  const c = <u32>load<u8>(p);
  if (c < 0xc0) return c;
  const w = charWidth(p, end);
  if (w == 2) return ((c & 0x1f) << 6) | (load<u8>(p + 1) & 0x3f);
  if (w == 3) return ((c & 0xf) << 12) | ((<u32>load<u8>(p + 1) & 0x3f) << 6) | (load<u8>(p + 2) & 0x3f);
  if (w == 4) {
    return ((c & 7) << 18) | ((<u32>load<u8>(p + 1) & 0x3f) << 12) | ((<u32>load<u8>(p + 2) & 0x3f) << 6) | (load<u8>(p + 3) & 0x3f);
  }
  return c;
}
export function encodeChar(p: i32, c: u32): i32 {
  if (c < 0x80) {
    store<u8>(p, <u8>c);
    return p + 1;
  }
  if (c < 0x800) {
    store<u8>(p, <u8>(0xc0 | (c >> 6)));
    store<u8>(p + 1, <u8>(0x80 | (c & 0x3f)));
    return p + 2;
  }
  if (c < 0x10000) {
    store<u8>(p, <u8>(0xe0 | (c >> 12)));
    store<u8>(p + 1, <u8>(0x80 | ((c >> 6) & 0x3f)));
    store<u8>(p + 2, <u8>(0x80 | (c & 0x3f)));
    return p + 3;
  }
  store<u8>(p, <u8>(0xf0 | (c >> 18)));
  store<u8>(p + 1, <u8>(0x80 | ((c >> 12) & 0x3f)));
  store<u8>(p + 2, <u8>(0x80 | ((c >> 6) & 0x3f)));
  store<u8>(p + 3, <u8>(0x80 | (c & 0x3f)));
  return p + 4;
}
/** Address of the byte in [p, end), or -1. Sixteen bytes at a time. */
export function findByte(p: i32, end: i32, byte: i32): i32 {
  const want = i8x16.splat(<i8>byte);
  for (; p + 16 <= end; p += 16) {
    const m = i8x16.bitmask(i8x16.eq(v128.load(p), want));
    if (m != 0) return p + ctz<i32>(m);
  }
  for (; p < end; p++) if (load<u8>(p) == <u8>byte) return p;
  return -1;
}
/** Address of the first occurrence of the needle (nn > 0) in [p, end), or -1. */
export function findBytes(p: i32, end: i32, needle: i32, nn: i32): i32 {
  const limit = end - nn + 1;
  const first = load<u8>(needle);
  while (p < limit) {
    p = findByte(p, limit, first);
    if (p < 0) return -1;
    let i = 1;
    while (i < nn && load<u8>(p + i) == load<u8>(needle + i)) i++;
    if (i == nn) return p;
    p++;
  }
  return -1;
}
