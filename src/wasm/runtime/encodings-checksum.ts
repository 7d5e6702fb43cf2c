/**
 * CRC-32C (Castagnoli) with eight tables of 256 words that the host keeps at an address of its choice and fills once by
 * crc32c_init: kernels have no data of their own. Gives the same number as src/slices/checksum.ts.
 */
export function crc32c_init(tables: i32): void {
  let t = <usize><u32>tables;
  for (let n: u32 = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >> 1) ^ 0x82f63b78 : c >> 1;
    store<u32>(t + (n << 2), c);
  }
  for (let n: u32 = 0; n < 256; n++) {
    let c = load<u32>(t + (n << 2));
    for (let k: u32 = 1; k < 8; k++) {
      c = load<u32>(t + ((c & 255) << 2)) ^ (c >> 8);
      store<u32>(t + (((k << 8) + n) << 2), c);
    }
  }
}

export function crc32c(tables: i32, at: i32, bytes: i32): i32 {
  let t = <usize><u32>tables, p = <usize><u32>at;
  let left = <u32>bytes;
  let c: u32 = 0xffffffff;
  while (left >= 8) {
    let v = load<u64>(p) ^ <u64>c;
    let low = <u32>v, high = <u32>(v >> 32);
    c = load<u32>(t + ((low & 255) << 2), 7168) ^ load<u32>(t + (((low >> 8) & 255) << 2), 6144)
      ^ load<u32>(t + (((low >> 16) & 255) << 2), 5120) ^ load<u32>(t + ((low >> 24) << 2), 4096)
      ^ load<u32>(t + ((high & 255) << 2), 3072) ^ load<u32>(t + (((high >> 8) & 255) << 2), 2048)
      ^ load<u32>(t + (((high >> 16) & 255) << 2), 1024) ^ load<u32>(t + ((high >> 24) << 2));
    p += 8;
    left -= 8;
  }
  while (left > 0) {
    c = load<u32>(t + (((c ^ <u32>load<u8>(p)) & 255) << 2)) ^ (c >> 8);
    p++;
    left--;
  }
  return <i32>~c;
}
