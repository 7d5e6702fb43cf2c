/**
 * Bind parameters: wire bytes in text or binary format to ConstValue by type. Binary layouts are PostgreSQL's (numeric in
 * base 10000, dates and timestamps since 2000-01-01). A value whose length does not fit its type gives 22P03.
 */
import { incorrectBinary } from '../../common/errors/catalogue.ts';
import type { ConstValue } from '../../expressions/bound.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { INTERVAL, TYPE_INFO, typeFromOid } from '../../types/sql-type.ts';
import type { TextSettings } from '../../types/text.ts';
import { parseNumeric, parseText } from '../../types/text.ts';

const INTERVAL_YEAR_TO_MONTH = 1188;
const INTERVAL_DAY_TO_SECOND = 1190;

/** Declared parameter type; undefined when the client leaves it open (0, unknown) or names a type we do not have. */
export function declaredType(oid: number): SqlType | undefined {
  if (oid === 0 || oid === TYPE_INFO.unknown.oid) return undefined;
  if (oid === INTERVAL_YEAR_TO_MONTH || oid === INTERVAL_DAY_TO_SECOND) return INTERVAL;
  return typeFromOid(oid);
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

function binaryInterval(bytes: Buffer, oid: number): ConstValue {
  if (oid === INTERVAL_YEAR_TO_MONTH) return { months: bytes.readInt32BE(0), days: 0, micros: 0n };
  if (oid === INTERVAL_DAY_TO_SECOND) return { months: 0, days: 0, micros: bytes.readBigInt64BE(0) };
  return { micros: bytes.readBigInt64BE(0), days: bytes.readInt32BE(8), months: bytes.readInt32BE(12) };
}

function binaryValue(bytes: Buffer, type: SqlType, oid: number): ConstValue {
  switch (TYPE_INFO[type.name].phys) {
    case 'i32':
      if (type.name === 'bool') return bytes.readUInt8(0) === 0 ? 0 : 1;
      return type.name === 'int2' ? bytes.readInt16BE(0) : bytes.readInt32BE(0);
    case 'i64':
      return type.name === 'numeric' ? binaryNumeric(bytes, type) : bytes.readBigInt64BE(0);
    case 'i128':
      return type.name === 'interval' ? binaryInterval(bytes, oid) : binaryNumeric(bytes, type);
    case 'f32':
      return bytes.readFloatBE(0);
    case 'f64':
      return bytes.readDoubleBE(0);
    case 'str':
      return bytes.toString('utf8');
  }
}

function binaryWidth(type: SqlType, oid: number): number | undefined {
  const { phys, size } = TYPE_INFO[type.name];
  if (oid === INTERVAL_YEAR_TO_MONTH) return 4;
  if (oid === INTERVAL_DAY_TO_SECOND) return 8;
  return phys === 'str' || type.name === 'numeric' ? undefined : size;
}

/** `index` from 0, for the message; `oid` as the client declared it (0 when it did not). */
export function decodeParameter(
  value: Uint8Array,
  format: number,
  type: SqlType,
  oid: number,
  index: number,
  settings: TextSettings,
): ConstValue {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (format === 0) return parseText(type, bytes.toString('utf8'), settings);
  const width = binaryWidth(type, oid);
  const short = type.name === 'numeric' && (bytes.length < 8 || bytes.length !== 8 + 2 * bytes.readUInt16BE(0));
  if ((width !== undefined && width !== bytes.length) || short) throw incorrectBinary(String(index + 1));
  return binaryValue(bytes, type, oid);
}
