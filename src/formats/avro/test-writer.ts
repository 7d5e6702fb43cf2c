/**
 * Test support: writes Avro container files of any schema, with blocks, codecs and metadata as the test wants them.
 */
import { deflateRawSync } from 'node:zlib';
import { zstdCompress } from '../../common/compress/zstd.ts';
import { crc32 } from '../../common/crc32.ts';

export type TestSchema = string | readonly TestSchema[] | { readonly [key: string]: unknown };

export function long(value: bigint | number): Buffer {
  const v = BigInt(value);
  let z = BigInt.asUintN(64, (v << 1n) ^ (v >> 63n));
  const out: number[] = [];
  while (z > 127n) {
    out.push(Number(z & 127n) | 128);
    z >>= 7n;
  }
  out.push(Number(z));
  return Buffer.from(out);
}
const counted = (bytes: Buffer): Buffer => Buffer.concat([long(bytes.length), bytes]);

/** A value of a union is `{ branch, value }`; of bytes and fixed a Buffer, of a map and record an object. */
export function encodeAvro(schema: TestSchema, value: unknown): Buffer {
  if (Array.isArray(schema)) {
    const { branch, value: inner } = value as { branch: number; value: unknown };
    return Buffer.concat([long(branch), encodeAvro((schema as readonly TestSchema[])[branch]!, inner)]);
  }
  const type = typeof schema === 'string' ? schema : ((schema as { type: unknown }).type as string);
  const of = schema as Readonly<Record<string, unknown>>;
  switch (type) {
    case 'null':
      return Buffer.alloc(0);
    case 'boolean':
      return Buffer.from([value === true ? 1 : 0]);
    case 'int':
    case 'long':
      return long(value as bigint);
    case 'float': {
      const out = Buffer.alloc(4);
      out.writeFloatLE(value as number);
      return out;
    }
    case 'double': {
      const out = Buffer.alloc(8);
      out.writeDoubleLE(value as number);
      return out;
    }
    case 'bytes':
      return counted(value as Buffer);
    case 'string':
      return counted(Buffer.from(value as string));
    case 'fixed':
      return value as Buffer;
    case 'enum':
      return long((of['symbols'] as readonly string[]).indexOf(value as string));
    case 'array':
      return blocks((value as readonly unknown[]).map((v) => encodeAvro(of['items'] as TestSchema, v)));
    case 'map':
      return blocks(
        Object.entries(value as object).map(([k, v]) =>
          Buffer.concat([counted(Buffer.from(k)), encodeAvro(of['values'] as TestSchema, v)]),
        ),
      );
    default:
      return Buffer.concat(
        (of['fields'] as readonly { name: string; type: TestSchema }[]).map((f) =>
          encodeAvro(f.type, (value as Record<string, unknown>)[f.name]),
        ),
      );
  }
}
/** Items in two blocks, the second with its size in front. */
function blocks(items: readonly Buffer[]): Buffer {
  const half = Math.floor(items.length / 2);
  const [one, two] = [Buffer.concat(items.slice(0, half)), Buffer.concat(items.slice(half))];
  return Buffer.concat([
    ...(half > 0 ? [long(half), one] : []),
    ...(items.length > half ? [long(half - items.length), counted(two)] : []),
    long(0),
  ]);
}

/** Snappy without a copy. */
function snappy(text: Buffer): Buffer {
  const out: Buffer[] = [];
  const head: number[] = [];
  let n = text.length;
  for (; n > 127; n = Math.floor(n / 128)) head.push((n & 127) | 128);
  out.push(Buffer.from([...head, n]));
  for (let at = 0; at < text.length; at += 60) {
    const part = text.subarray(at, at + 60);
    out.push(Buffer.from([(part.length - 1) << 2]), part);
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(text));
  return Buffer.concat([...out, sum]);
}
export const PACK: Readonly<Record<string, (text: Buffer) => Uint8Array>> = {
  null: (text) => text,
  deflate: (text) => deflateRawSync(text),
  snappy,
  zstandard: (text) => zstdCompress(text),
};

export const SYNC = Buffer.from('0123456789abcdef');
/** A file of blocks of encoded records. */
export function avroFile(
  schema: TestSchema | string,
  rows: readonly (readonly Buffer[])[],
  codec = 'null',
  pack: (text: Buffer) => Uint8Array = PACK[codec]!,
): Buffer {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const metadata = [
    counted(Buffer.from('avro.schema')),
    counted(Buffer.from(text)),
    counted(Buffer.from('avro.codec')),
    counted(Buffer.from(codec)),
  ];
  const parts = [Buffer.from('Obj\x01', 'latin1'), long(2), ...metadata, long(0), SYNC];
  for (const block of rows) {
    const packed = Buffer.from(pack(Buffer.concat(block)));
    parts.push(long(block.length), long(packed.length), packed, SYNC);
  }
  return Buffer.concat(parts);
}
