/**
 * Thrift's compact protocol, which Parquet's footer and page heads are written in: structs to maps of their fields and back.
 * Everything that is read is bounded by the bytes that are there.
 */
import { SqlError } from '../../common/errors/sql-error.ts';

export type ThriftValue = boolean | number | bigint | Uint8Array | readonly ThriftValue[] | ThriftStruct;
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const TYPE = {
  stop: 0,
  yes: 1,
  no: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;
const NESTING_MAX = 16;

/** What is no Parquet, or a damaged one; whoever reads the file says which file it is. */
export class ParquetDamage extends SqlError {
  constructor(what: string) {
    super({ sqlstate: 'XX000', message: `Parquet data is corrupt: ${what}` });
  }
}
const cut = (): ParquetDamage => new ParquetDamage('a structure ends too early');
/** The bytes are not all there: more may make it whole. */
export class ThriftShort extends ParquetDamage {
  constructor() {
    super('a structure ends too early');
  }
}

export class ThriftReader {
  constructor(
    private readonly bytes: Uint8Array,
    public at = 0,
    private readonly end = bytes.length,
  ) {}
  private byte(): number {
    if (this.at >= this.end) throw new ThriftShort();
    return this.bytes[this.at++]!;
  }
  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw cut();
  }
  private small(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw cut();
  }
  private zigzag(): number {
    const value = this.small();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  private length(): number {
    const length = this.small();
    if (length > this.end - this.at) throw new ThriftShort();
    return length;
  }
  private value(type: number, depth: number): ThriftValue {
    switch (type) {
      case TYPE.yes:
      case TYPE.no:
        return type === TYPE.yes;
      case TYPE.byte:
        return (this.byte() << 24) >> 24;
      case TYPE.i16:
      case TYPE.i32:
        return this.zigzag();
      case TYPE.i64: {
        const value = this.varint();
        return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
      }
      case TYPE.double:
        if (this.end - this.at < 8) throw new ThriftShort();
        this.at += 8;
        return new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at - 8, 8).getFloat64(0, true);
      case TYPE.binary: {
        const length = this.length();
        this.at += length;
        return this.bytes.slice(this.at - length, this.at);
      }
      case TYPE.list:
      case TYPE.set:
        return this.list(depth);
      case TYPE.map:
        return this.map(depth);
      case TYPE.struct:
        return this.struct(depth + 1);
      default:
        throw new ParquetDamage('a field of an unknown type');
    }
  }
  private list(depth: number): readonly ThriftValue[] {
    const head = this.byte();
    const type = head & 15;
    // Every element has at least a byte.
    const count = head >> 4 === 15 ? this.length() : head >> 4;
    const out: ThriftValue[] = [];
    for (let i = 0; i < count; i++)
      out.push(type === TYPE.yes || type === TYPE.no ? this.byte() === TYPE.yes : this.value(type, depth + 1));
    return out;
  }
  private map(depth: number): readonly ThriftValue[] {
    const count = this.length();
    if (count === 0) return [];
    const types = this.byte();
    const out: ThriftValue[] = [];
    for (let i = 0; i < count; i++) out.push(this.value(types >> 4, depth + 1), this.value(types & 15, depth + 1));
    return out;
  }
  struct(depth = 0): ThriftStruct {
    if (depth > NESTING_MAX) throw new ParquetDamage('a structure is nested too deeply');
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const head = this.byte();
      if (head === TYPE.stop) return fields;
      id = head >> 4 === 0 ? this.zigzag() : id + (head >> 4);
      fields.set(id, this.value(head & 15, depth));
    }
  }
}

// ---- writing ----

/** A value with its type; `undefined` fields are left out. */
export type ThriftField =
  | { readonly i32: number }
  | { readonly i64: number | bigint }
  | { readonly i16: number }
  | { readonly byte: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly binary: Uint8Array }
  | { readonly struct: ThriftFields }
  | { readonly list: readonly ThriftField[]; readonly of: 'i32' | 'text' | 'struct' };
export type ThriftFields = Readonly<Record<number, ThriftField | undefined>>;

const LIST_TYPES = { i32: TYPE.i32, text: TYPE.binary, struct: TYPE.struct } as const;

function varintBytes(out: number[], value: bigint): void {
  let rest = value;
  while (rest >= 128n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
}
const zigzagged = (value: number | bigint): bigint => {
  const v = BigInt(value);
  return BigInt.asUintN(64, (v << 1n) ^ (v >> 63n));
};
function typeOf(field: ThriftField): number {
  if ('bool' in field) return field.bool ? TYPE.yes : TYPE.no;
  if ('byte' in field) return TYPE.byte;
  if ('i16' in field) return TYPE.i16;
  if ('i32' in field) return TYPE.i32;
  if ('i64' in field) return TYPE.i64;
  if ('struct' in field) return TYPE.struct;
  return 'list' in field ? TYPE.list : TYPE.binary;
}
function writeValue(out: number[], field: ThriftField): void {
  if ('bool' in field) return;
  if ('byte' in field) out.push(field.byte & 255);
  else if ('i16' in field) varintBytes(out, zigzagged(field.i16));
  else if ('i32' in field) varintBytes(out, zigzagged(field.i32));
  else if ('i64' in field) varintBytes(out, zigzagged(field.i64));
  else if ('struct' in field) writeStruct(out, field.struct);
  else if ('list' in field) {
    const { length } = field.list;
    if (length < 15) out.push((length << 4) | LIST_TYPES[field.of]);
    else {
      out.push(0xf0 | LIST_TYPES[field.of]);
      varintBytes(out, BigInt(length));
    }
    for (const item of field.list) writeValue(out, item);
  } else {
    const bytes = 'text' in field ? Buffer.from(field.text) : field.binary;
    varintBytes(out, BigInt(bytes.length));
    for (const byte of bytes) out.push(byte);
  }
}
function writeStruct(out: number[], fields: ThriftFields): void {
  let last = 0;
  for (const [key, field] of Object.entries(fields)) {
    if (field === undefined) continue;
    const id = Number(key);
    const step = id - last;
    if (step > 0 && step < 16) out.push((step << 4) | typeOf(field));
    else {
      out.push(typeOf(field));
      varintBytes(out, zigzagged(id));
    }
    writeValue(out, field);
    last = id;
  }
  out.push(TYPE.stop);
}
export function thriftBytes(fields: ThriftFields): Uint8Array {
  const out: number[] = [];
  writeStruct(out, fields);
  return Uint8Array.from(out);
}
