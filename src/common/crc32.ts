/**
 * CRC-32 of zlib, PNG and many containers: Node's own where it has one (since 20.15), else byte by byte through a table.
 */
import * as zlib from 'node:zlib';

/** Of a reflected polynomial of 32 bits. */
export function crcTable(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ polynomial : c >>> 1;
    return c;
  });
}
export function crcWith(table: Int32Array, bytes: Uint8Array, before: number): number {
  let c = before ^ -1;
  for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return (c ^ -1) >>> 0;
}

const native = (zlib as { crc32?: (data: Uint8Array, value?: number) => number }).crc32;
let table: Int32Array | undefined;

/** `before`: the value of the bytes in front. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return native === undefined ? crcWith((table ??= crcTable(0xedb88320)), bytes, before) : native(bytes, before);
}
