/**
 * The value that rows older than an added column have, from output text form (of SUPER: its bytes in hexadecimal) to the
 * bytes of one physical value: for scans (missing-chunk.ts) and when VACUUM rewrites such rows. Text is the catalog's own,
 * so it is well formed.
 */
import { assert } from '../common/assert.ts';
import { intervalOfText } from '../types/interval-text.ts';
import { isSpatial, physOf, type SqlType } from '../types/sql-type.ts';
import { DEFAULT_TEXT_SETTINGS } from '../types/text.ts';

const DAY_US = 86_400_000_000n;

function integerOf(type: SqlType, text: string): bigint {
  switch (type.name) {
    case 'bool':
      return text === 't' || text === 'true' ? 1n : 0n;
    case 'numeric':
      return unscaled(text, type.scale ?? 0);
    case 'date':
      return daysOf(text);
    case 'time':
    case 'timetz':
      return timeOf(text);
    case 'intervaly2m':
    case 'intervald2s':
      return BigInt(intervalOfText(type, text, DEFAULT_TEXT_SETTINGS));
    case 'timestamp':
    case 'timestamptz':
      return timestampOf(text);
    default:
      return BigInt(text);
  }
}
function unscaled(text: string, scale: number): bigint {
  const negative = text.startsWith('-');
  const [whole, fraction = ''] = text.replace(/^[-+]/, '').split('.');
  const value = BigInt(whole! + fraction.padEnd(scale, '0').slice(0, scale));
  return negative ? -value : value;
}
/** Days since 2000-01-01 of year-month-day, with an optional BC. */
function daysOf(text: string): bigint {
  const m = /^(\d+)-(\d+)-(\d+)/.exec(text);
  assert(m, `missing value is not a date: ${text}`);
  const year = text.endsWith('BC') ? 1 - Number(m[1]) : Number(m[1]);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(m[2]) - 1, Number(m[3]));
  return BigInt(Math.round((date.getTime() - 946_684_800_000) / 86_400_000));
}
function timeOf(text: string): bigint {
  const m = /^(\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?/.exec(text);
  assert(m, `missing value is not a time: ${text}`);
  const seconds = BigInt(Number(m[1]) * 3600 + Number(m[2]) * 60 + Number(m[3] ?? 0));
  return seconds * 1_000_000n + BigInt((m[4] ?? '').padEnd(6, '0').slice(0, 6));
}
function timestampOf(text: string): bigint {
  const [date, time = '00:00:00'] = text.replace(/ BC$/, '').split(' ');
  const zone = /([-+])(\d+)(?::(\d+))?$/.exec(time);
  let value = daysOf(text.endsWith('BC') ? `${date} BC` : date!) * DAY_US + timeOf(time);
  if (zone) {
    const offset = BigInt(Number(zone[2]) * 3600 + Number(zone[3] ?? 0) * 60) * 1_000_000n;
    value -= zone[1] === '-' ? -offset : offset;
  }
  return value;
}

/** Bytes of the value (for strings: the text's bytes), null for NULL. */
export function missingValue(type: SqlType, text: string | null): Uint8Array | null {
  if (text === null) return null;
  const phys = physOf(type);
  // Without a bounding box: a byte of 0 in front of the EWKB (spatial/ewkb.ts).
  if (isSpatial(type)) return new Uint8Array(Buffer.from(`00${text}`, 'hex'));
  if (type.name === 'varbyte' || type.name === 'super') return new Uint8Array(Buffer.from(text, 'hex'));
  if (phys === 'str') return new TextEncoder().encode(type.name === 'char' ? text.replace(/ +$/, '') : text);
  const bytes = new Uint8Array(phys === 'i128' ? 16 : phys === 'i32' || phys === 'f32' ? 4 : 8);
  const view = new DataView(bytes.buffer);
  if (phys === 'f32') view.setFloat32(0, Number(text), true);
  else if (phys === 'f64') view.setFloat64(0, Number(text), true);
  else if (phys === 'i32') view.setInt32(0, Number(integerOf(type, text)), true);
  else {
    const value = integerOf(type, text);
    view.setBigInt64(0, BigInt.asIntN(64, value), true);
    if (phys === 'i128') view.setBigInt64(8, value >> 64n, true);
  }
  return bytes;
}
