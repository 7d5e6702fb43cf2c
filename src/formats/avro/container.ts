/**
 * Avro's object container file: "Obj" 1, metadata as a map, 16 bytes that stand behind each block; then blocks: records, bytes, as many
 * bytes, the 16 bytes. Redshift's bounds: a header of 1 MB, blocks of 4 MB.
 */
import { AvroSchemaError, parseAvroSchema, type AvroType } from './schema.ts';

export const AVRO_HEADER_BYTES_MAX = 1024 * 1024;
export const AVRO_BLOCK_BYTES_MAX = 4 * 1024 * 1024;
export const AVRO_SYNC_BYTES = 16;
const MAGIC = Buffer.from('Obj\x01', 'latin1');

/** Reasons of text/load-reason.ts. */
export const AVRO_REASON = {
  corrupt: 41,
  end: 42,
  noHeader: 43,
  schema: 44,
  codec: 45,
  blockSize: 46,
  headerSize: 47,
  unpack: 48,
} as const;

/** The file cannot be read on. */
export class AvroDamage {
  constructor(
    readonly reason: number,
    /** What the reason's text names. */
    readonly about = '',
  ) {}
}

const CODECS = { null: 'none', deflate: 'deflate', snappy: 'snappy', bzip2: 'bzip2', zstandard: 'zstd' } as const;
export type AvroCodec = (typeof CODECS)[keyof typeof CODECS];
export interface AvroHeader {
  readonly bytes: number;
  readonly schema: AvroType;
  readonly schemaText: string;
  readonly codec: AvroCodec;
  readonly sync: Uint8Array;
}

/** Thrown where the bytes end before the value does. */
class Short {}
class Cursor {
  at = 0;
  constructor(private readonly bytes: Uint8Array) {}
  /** Numbers here are small; others are damage. */
  long(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (this.at >= this.bytes.length) throw new Short();
      const byte = this.bytes[this.at++]!;
      value += (byte & 127) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new AvroDamage(AVRO_REASON.corrupt);
      if (byte < 128) break;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  take(count: number): Buffer {
    if (count < 0) throw new AvroDamage(AVRO_REASON.corrupt);
    if (count > this.bytes.length - this.at) throw new Short();
    this.at += count;
    return Buffer.from(this.bytes.slice(this.at - count, this.at));
  }
}

/** undefined: more bytes are needed. Throws AvroDamage. */
export function readHeader(bytes: Uint8Array): AvroHeader | undefined {
  const cursor = new Cursor(bytes);
  const known = Math.min(bytes.length, MAGIC.length);
  if (!MAGIC.subarray(0, known).equals(bytes.slice(0, known))) throw new AvroDamage(AVRO_REASON.noHeader);
  try {
    cursor.take(MAGIC.length);
    const entries = metadata(cursor);
    const sync = cursor.take(AVRO_SYNC_BYTES);
    const codec = entries.get('avro.codec')?.toString() ?? 'null';
    if (!Object.hasOwn(CODECS, codec)) throw new AvroDamage(AVRO_REASON.codec, codec);
    const schemaText = entries.get('avro.schema')?.toString();
    if (schemaText === undefined) throw new AvroDamage(AVRO_REASON.schema, 'there is none');
    const schema = parseAvroSchema(schemaText);
    return { bytes: cursor.at, schema, schemaText, codec: CODECS[codec as keyof typeof CODECS], sync };
  } catch (error) {
    if (error instanceof AvroSchemaError) throw new AvroDamage(AVRO_REASON.schema, error.what);
    if (!(error instanceof Short)) throw error;
    if (bytes.length >= AVRO_HEADER_BYTES_MAX) throw new AvroDamage(AVRO_REASON.headerSize);
    return undefined;
  }
}
function metadata(cursor: Cursor): ReadonlyMap<string, Buffer> {
  const entries = new Map<string, Buffer>();
  for (;;) {
    let count = cursor.long();
    if (count === 0) return entries;
    if (count < 0) cursor.long();
    for (count = Math.abs(count); count > 0; count--) {
      const key = cursor.take(cursor.long()).toString();
      entries.set(key, cursor.take(cursor.long()));
    }
  }
}

export interface AvroBlock {
  readonly records: number;
  /** Of the two numbers in front. */
  readonly headBytes: number;
  readonly bytes: number;
}
/** What stands in front of a block; undefined: more bytes are needed. Throws AvroDamage. */
export function readBlockHead(bytes: Uint8Array): AvroBlock | undefined {
  const cursor = new Cursor(bytes);
  try {
    const records = cursor.long();
    const size = cursor.long();
    if (records < 0 || size < 0) throw new AvroDamage(AVRO_REASON.corrupt);
    if (size > AVRO_BLOCK_BYTES_MAX) throw new AvroDamage(AVRO_REASON.blockSize);
    return { records, headBytes: cursor.at, bytes: size };
  } catch (error) {
    if (error instanceof Short) return undefined;
    throw error;
  }
}
/** Bytes in which the two numbers of a block lie. */
export const BLOCK_HEAD_BYTES_MAX = 20;
