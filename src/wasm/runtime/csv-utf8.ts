/**
 * UTF-8 validation for loads. A bad sequence is reported with Redshift's sub-code: 1 sequence over 4 bytes, 2
 * incomplete sequence, 3 invalid leading byte, 4 invalid trailing byte, 5 surrogate, 8 beyond the last code point, 9 no
 * code point of its own (it has a shorter form). Code points that are no characters are bad for ACCEPTINVCHARS alone.
 */

/** -1 when valid, else offset | sub-code << 24. `characters`: every code point must be a character, too. */
export function utf8_bad(p: usize, len: i32, characters: bool = false): i32 {
  let i = 0;
  while (i < len) {
    const c = load<u8>(p + i);
    if (c < 0x80) {
      i++;
      continue;
    }
    const n = utf8_length(p + i, len - i);
    if (n < 0) return i | (-n << 24);
    if (characters && is_no_character(p + i, n)) return i | (9 << 24);
    i += n;
  }
  return -1;
}

/** U+FDD0 to U+FDEF, and the last two of every plane, in a valid sequence of `n` bytes. */
function is_no_character(p: usize, n: i32): bool {
  if (n < 3) return false;
  const low = ((<u32>load<u8>(p + n - 2) & 0x3f) << 6) | (<u32>load<u8>(p + n - 1) & 0x3f);
  const high = n == 3 ? <u32>load<u8>(p) & 15 : <u32>load<u8>(p + 1) & 15;
  const word = (high << 12) | low;
  return (word & 0xfffe) == 0xfffe || (n == 3 && word >= 0xfdd0 && word <= 0xfdef);
}

/** Bytes of the sequence at p (its first byte is above 0x7f), or minus the sub-code. */
export function utf8_length(p: usize, left: i32): i32 {
  const c = <u32>load<u8>(p);
  if (c < 0xc0 || c >= 0xfe) return -3;
  if (c >= 0xf8) return -1;
  const n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  let point = c & (0xff >> (n + 1));
  for (let k = 1; k < n; k++) {
    if (k >= left) return -2;
    const t = <u32>load<u8>(p + k);
    if ((t & 0xc0) != 0x80) return -4;
    point = (point << 6) | (t & 0x3f);
  }
  if (point < <u32>(n == 2 ? 0x80 : n == 3 ? 0x800 : 0x10000)) return -9;
  if (n == 3 && point >= 0xd800 && point < 0xe000) return -5;
  if (point > 0x10ffff) return -8;
  return n;
}

/** Replaces every byte of a bad sequence, and of what is no character, by `by`, in place. */
export function utf8_replace(p: usize, len: i32, by: u8): void {
  let i = 0;
  while (i < len) {
    if (load<u8>(p + i) < 0x80) {
      i++;
      continue;
    }
    const n = utf8_length(p + i, len - i);
    if (n > 0) {
      if (is_no_character(p + i, n)) memory.fill(p + i, by, n);
      i += n;
      continue;
    }
    store<u8>(p + i, by);
    i++;
  }
}
