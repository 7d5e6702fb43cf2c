/**
 * A byte inside a JSON string as it is written.
 */
// @ts-ignore: decorator
@inline
export function isPlain(c: i32): bool {
  return c >= 0x20 && c != 0x22 && c != 0x5c;
}
/** A byte of a JSON string, escaped where it must be. */
export function json_byte(at: i32, c: i32): i32 {
  if (isPlain(c)) {
    store<u8>(at, <u8>c);
    return at + 1;
  }
  store<u8>(at, 0x5c);
  const short = c == 8 ? 0x62 : c == 9 ? 0x74 : c == 10 ? 0x6e : c == 12 ? 0x66 : c == 13 ? 0x72 : c >= 0x20 ? c : 0;
  if (short != 0) {
    store<u8>(at, <u8>short, 1);
    return at + 2;
  }
  store<u32>(at, 0x30303075, 1);
  store<u8>(at, <u8>(48 + (c >> 4)), 4);
  store<u8>(at, <u8>((c & 15) < 10 ? 48 + (c & 15) : 87 + (c & 15)), 5);
  return at + 6;
}
