/**
 * Hash of a name folded to ASCII lower case, compared against the build-time macro HASH("name"): how kernels tell
 * keywords (date parts, zones, parameters) apart without static tables. Blanks around the name are ignored.
 */
export function nameHash(p: i32, n: i32): u64 {
  while (n > 0 && load<u8>(p) == 32) {
    p++;
    n--;
  }
  while (n > 0 && load<u8>(p + n - 1) == 32) n--;
  let h: u64 = 0xcbf29ce484222325;
  for (let i = 0; i < n; i++) {
    let c = <u64>load<u8>(p + i);
    if (c >= 65 && c <= 90) c += 32;
    h = (h ^ c) * 0x100000001b3;
  }
  return h;
}
/** The first up to eight bytes of a word in lower case, packed as WORD() packs. */
export function packLower(p: i32, n: i32): u64 {
  let w: u64 = 0;
  for (let i = 0; i < n && i < 8; i++) {
    let c = <u64>load<u8>(p + i);
    if (c >= 65 && c <= 90) c += 32;
    w |= c << (<u64>i * 8);
  }
  return w;
}
