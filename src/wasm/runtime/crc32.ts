/**
 * CRC-32 as gzip and Parquet's page heads have it, eight bytes a step over tables that the caller keeps: 8,192 bytes.
 */
const POLYNOMIAL: u32 = 0xedb88320;

export function crc32_tables(tables: i32): void {
  for (let i: u32 = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = (c & 1) != 0 ? (c >> 1) ^ POLYNOMIAL : c >> 1;
    store<u32>(tables + (i << 2), c);
  }
  for (let t: u32 = 1; t < 8; t++)
    for (let i: u32 = 0; i < 256; i++) {
      const c = load<u32>(tables + ((t - 1) << 10) + (i << 2));
      store<u32>(tables + (t << 10) + (i << 2), (c >> 8) ^ load<u32>(tables + ((c & 255) << 2)));
    }
}

// @ts-ignore: decorator
@inline
function entry(tables: i32, table: u32, byte: u32): u32 {
  return load<u32>(tables + (table << 10) + ((byte & 255) << 2));
}

export function crc32(tables: i32, at: i32, bytes: i32): i32 {
  let c: u32 = 0xffffffff;
  let left = <u32>bytes;
  let p = <u32>at;
  for (; left >= 8; left -= 8, p += 8) {
    const low = load<u32>(p) ^ c;
    const high = load<u32>(p, 4);
    c =
      entry(tables, 7, low) ^
      entry(tables, 6, low >> 8) ^
      entry(tables, 5, low >> 16) ^
      entry(tables, 4, low >> 24) ^
      entry(tables, 3, high) ^
      entry(tables, 2, high >> 8) ^
      entry(tables, 1, high >> 16) ^
      entry(tables, 0, high >> 24);
  }
  for (; left > 0; left--) c = (c >> 8) ^ entry(tables, 0, c ^ <u32>load<u8>(p++));
  return <i32>~c;
}
