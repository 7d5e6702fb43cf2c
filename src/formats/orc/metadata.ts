/**
 * What an ORC file says of itself: the postscript at its end, the footer (types and stripes) in front of it, and each stripe's own footer.
 */
import type { PieceCodec } from '../columnar/unpack.ts';
import { OrcDamage, readMessage, type Message } from './protobuf.ts';

export const ORC_MAGIC = 'ORC';
export type OrcKind =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'timestamp'
  | 'array'
  | 'map'
  | 'struct'
  | 'uniontype'
  | 'decimal'
  | 'date'
  | 'varchar'
  | 'char'
  | 'timestamp with local time zone';
/** By their numbers. */
const KINDS: readonly OrcKind[] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'binary',
  'timestamp',
  'array',
  'map',
  'struct',
  'uniontype',
  'decimal',
  'date',
  'varchar',
  'char',
  'timestamp with local time zone',
];
const CODECS: readonly PieceCodec[] = ['none', 'deflate', 'snappy', 'lzo', 'lz4', 'zstd', 'brotli'];

export interface OrcType {
  /** Number of its column, which streams name. */
  readonly column: number;
  readonly kind: OrcKind;
  readonly names: readonly string[];
  readonly children: readonly OrcType[];
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
}
export interface OrcStripe {
  readonly offset: number;
  readonly indexBytes: number;
  readonly dataBytes: number;
  readonly footerBytes: number;
  readonly rows: number;
}
export interface OrcPostscript {
  readonly codec: PieceCodec;
  /** Of a compression chunk's text at most. */
  readonly blockBytes: number;
  readonly footerBytes: number;
  readonly metadataBytes: number;
}
export interface OrcFile {
  readonly codec: PieceCodec;
  readonly blockBytes: number;
  readonly root: OrcType;
  readonly stripes: readonly OrcStripe[];
}

const BLOCK_BYTES_DEFAULT = 256 * 1024;
/** A chunk's length has 23 bits. */
const BLOCK_BYTES_MAX = 1 << 23;
const TYPES_MAX = 65_536;
const NESTING_MAX = 64;
const PRECISION_MAX = 38;
const SCALE_DEFAULT = 10;

export function readPostscript(bytes: Uint8Array): OrcPostscript {
  const message = readMessage(bytes);
  if (message.text(8000) !== ORC_MAGIC) throw new OrcDamage('its postscript is none');
  const codec = CODECS[message.number(2) ?? 0];
  if (codec === undefined) throw new OrcDamage('its compression is not known');
  const blockBytes = message.number(3) || BLOCK_BYTES_DEFAULT;
  if (blockBytes > BLOCK_BYTES_MAX) throw new OrcDamage('its compression blocks are too large');
  return { codec, blockBytes, footerBytes: message.number(1) ?? 0, metadataBytes: message.number(5) ?? 0 };
}

export function readFooter(bytes: Uint8Array, { codec, blockBytes }: OrcPostscript, size: number): OrcFile {
  const footer = readMessage(bytes);
  if (footer.bytes(10).length > 0) throw new OrcDamage('it is encrypted');
  const stripes = footer.messages(3).map((s): OrcStripe => ({
    offset: s.number(1) ?? 0,
    indexBytes: s.number(2) ?? 0,
    dataBytes: s.number(3) ?? 0,
    footerBytes: s.number(4) ?? 0,
    rows: s.number(5) ?? 0,
  }));
  for (const s of stripes)
    if (s.offset + s.indexBytes + s.dataBytes + s.footerBytes > size || !Number.isSafeInteger(s.rows))
      throw new OrcDamage('a stripe ends behind the file');
  return { codec, blockBytes, root: readTypes(footer.messages(4)), stripes };
}

function readTypes(all: readonly Message[]): OrcType {
  if (all.length > TYPES_MAX) throw new OrcDamage('it has too many types');
  let next = 0;
  /** Types stand in the order of a walk from the root. */
  const read = (depth: number): OrcType => {
    const column = next++;
    const message = all[column];
    if (message === undefined || depth > NESTING_MAX) throw new OrcDamage('its types are no tree');
    const kind = KINDS[message.number(1) ?? 0];
    if (kind === undefined) throw new OrcDamage('a type is not known');
    const children = message.numbers(2).map((child) => {
      if (child !== next) throw new OrcDamage('its types are no tree');
      return read(depth + 1);
    });
    const wanted = { array: 1, map: 2 }[kind as string] ?? children.length;
    const names = message.bytes(3).map((name) => Buffer.from(name).toString());
    if (children.length !== wanted || (kind === 'struct' && names.length !== children.length))
      throw new OrcDamage('a type has another number of parts');
    const given = message.number(5);
    const precision = given ?? PRECISION_MAX;
    // Decimals of Hive 0.11 say neither.
    const scale = message.number(6) ?? (given === undefined ? SCALE_DEFAULT : 0);
    if (kind === 'decimal' && (precision > PRECISION_MAX || scale > precision))
      throw new OrcDamage('a decimal has another precision than there is');
    return { column, kind, names, children, length: message.number(4) ?? 0, precision, scale };
  };
  const root = read(0);
  if (root.kind !== 'struct' || next !== all.length) throw new OrcDamage('its rows are no structs');
  return root;
}

export const STREAM = {
  present: 0,
  data: 1,
  length: 2,
  dictionary: 3,
  secondary: 5,
} as const;
export type StreamKind = (typeof STREAM)[keyof typeof STREAM];
export interface OrcStream {
  readonly kind: number;
  readonly column: number;
  /** Of the file. */
  readonly start: number;
  readonly bytes: number;
}
export interface OrcEncoding {
  readonly isDictionary: boolean;
  /** Of run lengths. */
  readonly version: 1 | 2;
  readonly dictionarySize: number;
}
export interface StripeFooter {
  readonly streams: readonly OrcStream[];
  readonly encodings: readonly OrcEncoding[];
  /** Of timestamps. */
  readonly zone: string;
}
export function readStripeFooter(bytes: Uint8Array, stripe: OrcStripe): StripeFooter {
  const footer = readMessage(bytes);
  let start = stripe.offset;
  const streams = footer.messages(1).map((s): OrcStream => {
    const stream = { kind: s.number(1) ?? 0, column: s.number(2) ?? 0, start, bytes: s.number(3) ?? 0 };
    start += stream.bytes;
    return stream;
  });
  if (start > stripe.offset + stripe.indexBytes + stripe.dataBytes)
    throw new OrcDamage('a stream ends behind its stripe');
  const encodings = footer.messages(2).map((e): OrcEncoding => {
    const kind = e.number(1) ?? 0;
    if (kind > 3) throw new OrcDamage('an encoding is not known');
    return { isDictionary: kind % 2 === 1, version: kind < 2 ? 1 : 2, dictionarySize: e.number(2) ?? 0 };
  });
  return { streams, encodings, zone: footer.text(3) ?? '' };
}

/** A type as Hive and Redshift write it. */
export function orcTypeText(type: OrcType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'char':
    case 'varchar':
      return `${type.kind}(${type.length})`;
    case 'struct':
      return `struct<${type.children.map((c, i) => `${type.names[i]!}:${orcTypeText(c)}`).join(',')}>`;
    case 'array':
    case 'map':
    case 'uniontype':
      return `${type.kind}<${type.children.map(orcTypeText).join(',')}>`;
    default:
      return type.kind;
  }
}
