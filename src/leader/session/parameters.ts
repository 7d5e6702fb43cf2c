/**
 * Bind parameters: wire bytes in text or binary format to ConstValue by type. Binary layouts are PostgreSQL's (numeric in
 * base 10000, dates and timestamps since 2000-01-01). A value whose length does not fit its type gives 22P03.
 */
import { incorrectBinary } from '../../common/errors/catalogue.ts';
import type { ConstValue } from '../../expressions/bound.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { DAY_MICROS } from '../../types/datetime-text.ts';
import { TYPE_INFO, typeFromOid } from '../../types/sql-type.ts';
import type { TextSettings } from '../../types/text.ts';
import { formatArray } from '../../functions/array-text.ts';
import { DEFAULT_TEXT_SETTINGS, fitBytes, formatText, parseNumeric, parseText } from '../../types/text.ts';

/** Declared parameter type; undefined when the client leaves it open (0, unknown) or names a type we do not have. */
export function declaredType(oid: number): SqlType | undefined {
  // Bytes are of the type that they are used as.
  if (oid === 0 || oid === TYPE_INFO.unknown.oid || oid === TYPE_INFO.bytea.oid) return undefined;
  // SUPER has no input form of its own: a text is a string, JSON_PARSE makes the rest.
  return oid === TYPE_INFO.super.oid ? { name: 'varchar' } : typeFromOid(oid);
}

function binaryNumeric(bytes: Buffer, type: SqlType): bigint {
  const count = bytes.readUInt16BE(0);
  const weight = bytes.readInt16BE(2);
  const sign = bytes.readUInt16BE(4);
  let digits = '';
  for (let i = 0; i < count; i++) digits += String(bytes.readUInt16BE(8 + 2 * i)).padStart(4, '0');
  const text = `${sign === 0x4000 ? '-' : ''}${digits === '' ? '0' : digits}e${(weight - count + 1) * 4}`;
  return parseNumeric(sign === 0xc000 ? 'NaN' : text, type.precision ?? 38, type.scale ?? 8);
}

const binaryInterval = (bytes: Buffer): ConstValue => ({
  micros: bytes.readBigInt64BE(0),
  days: bytes.readInt32BE(8),
  months: bytes.readInt32BE(12),
});

/** Microseconds of the day and seconds west of UTC, made a time of UTC. */
function binaryTimetz(bytes: Buffer): bigint {
  const utc = bytes.readBigInt64BE(0) + BigInt(bytes.readInt32BE(8)) * 1_000_000n;
  return ((utc % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
}

function binaryValue(bytes: Buffer, type: SqlType): ConstValue {
  switch (TYPE_INFO[type.name].phys) {
    case 'i32':
      if (type.name === 'bool') return bytes.readUInt8(0) === 0 ? 0 : 1;
      return type.name === 'int2' ? bytes.readInt16BE(0) : bytes.readInt32BE(0);
    case 'i64':
      if (type.name === 'timetz') return binaryTimetz(bytes);
      return type.name === 'numeric' ? binaryNumeric(bytes, type) : bytes.readBigInt64BE(0);
    case 'i128':
      return type.name === 'interval' ? binaryInterval(bytes) : binaryNumeric(bytes, type);
    case 'f32':
      return bytes.readFloatBE(0);
    case 'f64':
      return bytes.readDoubleBE(0);
    case 'str':
      if (type.name === 'varbyte') return fitBytes(type, bytes);
      return bytes.toString('utf8');
  }
}

/** array_recv: dimensions, a flag, the element type, then each dimension and the items with their lengths. */
function binaryArray(bytes: Buffer, index: number): string {
  const fail = (): never => {
    throw incorrectBinary(String(index + 1));
  };
  if (bytes.length < 12) fail();
  const [dimensions, oid] = [bytes.readInt32BE(0), bytes.readInt32BE(8)];
  const element = typeFromOid(oid);
  if (dimensions === 0) return '{}';
  if (dimensions !== 1 || bytes.length < 20 || element === undefined) return fail();
  const items: (string | null)[] = [];
  let at = 20;
  for (let left = bytes.readInt32BE(12); left > 0; left--) {
    if (at + 4 > bytes.length) fail();
    const size = bytes.readInt32BE(at);
    at += 4;
    if (size > bytes.length - at) fail();
    if (size < 0) items.push(null);
    else {
      const width = binaryWidth(element);
      if (width !== undefined && width !== size) fail();
      const value = binaryValue(bytes.subarray(at, at + size), element);
      if (value === null) return fail();
      items.push(formatText(element, value, { ...DEFAULT_TEXT_SETTINGS, extraFloatDigits: 3 }));
      at += size;
    }
  }
  if (at !== bytes.length) fail();
  return formatArray(items);
}

function binaryWidth(type: SqlType): number | undefined {
  const { phys, size } = TYPE_INFO[type.name];
  return phys === 'str' || type.name === 'numeric' ? undefined : size;
}

/** `index` from 0, for the message. */
export function decodeParameter(
  value: Uint8Array,
  format: number,
  type: SqlType,
  index: number,
  settings: TextSettings,
): ConstValue {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (format === 0) return parseText(type, bytes.toString('utf8'), settings);
  if (TYPE_INFO[type.name].category === 'A') {
    const text = binaryArray(bytes, index);
    const vector = type.name === 'int2vector' || type.name === 'oidvector';
    return vector ? text.slice(1, -1).replaceAll(',', ' ') : text;
  }
  const width = binaryWidth(type);
  const short = type.name === 'numeric' && (bytes.length < 8 || bytes.length !== 8 + 2 * bytes.readUInt16BE(0));
  if ((width !== undefined && width !== bytes.length) || short) throw incorrectBinary(String(index + 1));
  return binaryValue(bytes, type);
}
