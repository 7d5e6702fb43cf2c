/**
 * UTF-8 validation for loads. A bad sequence is reported with Redshift's sub-code: 1 sequence over 4 bytes, 2
 * incomplete sequence, 3 code point out of range, 4 invalid trailing byte, 5 invalid leading byte or surrogate.
 */

/** -1 when valid, else offset | sub-code << 24. */
export function utf8_bad(p: usize, len: i32): i32 {
  let i = 0;
  while (i < len) {
    const c = load<u8>(p + i);
    if (c < 0x80) {
      i++;
      continue;
    }
    const n = utf8_length(p + i, len - i);
    if (n < 0) return i | (-n << 24);
    i += n;
  }
  return -1;
}

/** Bytes of the sequence at p (its first byte is above 0x7f), or minus the sub-code. */
export function utf8_length(p: usize, left: i32): i32 {
  const c = <u32>load<u8>(p);
  if (c < 0xc2) return -5;
  if (c >= 0xf8) return -1;
  const n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  let point = c & (0xff >> (n + 1));
  for (let k = 1; k < n; k++) {
    if (k >= left) return -2;
    const t = <u32>load<u8>(p + k);
    if ((t & 0xc0) != 0x80) return -4;
    point = (point << 6) | (t & 0x3f);
  }
  if (n == 3 && (point < 0x800 || (point >= 0xd800 && point < 0xe000))) return point < 0x800 ? -3 : -5;
  if (n == 4 && (point < 0x10000 || point > 0x10ffff)) return -3;
  return n;
}

/** Replaces every byte of a bad sequence by `by`, in place. */
export function utf8_replace(p: usize, len: i32, by: u8): void {
  let i = 0;
  while (i < len) {
    if (load<u8>(p + i) < 0x80) {
      i++;
      continue;
    }
    const n = utf8_length(p + i, len - i);
    if (n > 0) {
      i += n;
      continue;
    }
    store<u8>(p + i, by);
    i++;
  }
}
