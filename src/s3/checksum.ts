/**
 * The checksums that S3 clients send with an upload: CRC-32, CRC-32C, CRC-64/NVME, SHA-1, SHA-256. Values travel as base64
 * of the big-endian bytes. The CRCs go byte by byte through a table, two tables of 32 bits for the wide one: some hundred
 * MB a second, in pieces as they arrive.
 */
import { createHash } from 'node:crypto';
import { crc32, crcTable, crcWith } from '../common/crc32.ts';

export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Base64. */
  digest(): string;
}

function crc(of: (bytes: Uint8Array, before: number) => number): Checksum {
  let value = 0;
  return { update: (bytes) => void (value = of(bytes, value)), digest: () => base64(value) };
}

function base64(...words: readonly number[]): string {
  const out = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => out.writeInt32BE(word | 0, 4 * i));
  return out.toString('base64');
}

let CRC32C: Int32Array | undefined;

/** CRC-64/NVME: reflected polynomial 9A6C9329AC4BC9B5, kept as halves. */
let CRC64: { readonly high: Int32Array; readonly low: Int32Array } | undefined;
function tables64(): { readonly high: Int32Array; readonly low: Int32Array } {
  const high = new Int32Array(256);
  const low = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let [h, l] = [0, n];
    for (let bit = 0; bit < 8; bit++) {
      const odd = (l & 1) === 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (odd) [h, l] = [h ^ 0x9a6c9329, l ^ 0xac4bc9b5];
    }
    high[n] = h;
    low[n] = l;
  }
  return { high, low };
}
function crc64nvme(): Checksum {
  const { high, low } = (CRC64 ??= tables64());
  let h = -1;
  let l = -1;
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        const at = (l ^ bytes[i]!) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ low[at]!;
        h = (h >>> 8) ^ high[at]!;
      }
    },
    digest: () => base64(h ^ -1, l ^ -1),
  };
}

function hashed(name: string): Checksum {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
}

/** By S3's name in lower case, with the length of a value in bytes. Names come from clients: it has no others than its own. */
export const CHECKSUMS: Readonly<Record<string, { readonly bytes: number; make(): Checksum }>> = {
  __proto__: null,
  crc32: { bytes: 4, make: () => crc(crc32) },
  crc32c: { bytes: 4, make: () => crc((bytes, before) => crcWith((CRC32C ??= crcTable(0x82f63b78)), bytes, before)) },
  crc64nvme: { bytes: 8, make: crc64nvme },
  sha1: { bytes: 20, make: () => hashed('sha1') },
  sha256: { bytes: 32, make: () => hashed('sha256') },
  md5: { bytes: 16, make: () => hashed('md5') },
} as never;
