/**
 * Text forms of values on the leader: parameters, literals, catalog cells. The bulk of the data never comes here (slices
 * have kernels for it). `parseText` takes Redshift's input forms and throws the catalogue's errors; `formatText` gives
 * the output form that a client sees. Values are in ConstValue form (see expressions/bound.ts).
 */
import {
  featureNotSupported,
  invalidText,
  malformedArray,
  numericFieldOverflow,
  floatOutOfRange,
  outOfRange,
  valueTooLong,
} from '../common/errors/catalogue.ts';
import { floatText } from './float-format.ts';
import { intervalOfText, type IntervalTextSettings } from './interval-text.ts';
import { readSketch, readTemporal, writeTemporal } from './kernel-text.ts';
import type { SqlType } from './sql-type.ts';
import { elementName, formatType, isArray } from './sql-type.ts';
import type { ConstValue } from './value.ts';

export interface TextSettings extends IntervalTextSettings {
  readonly extraFloatDigits: number;
}
export const DEFAULT_TEXT_SETTINGS: TextSettings = { timezone: 'UTC', extraFloatDigits: 0, dateStyle: 0 };

const TRUE_WORDS = ['t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', '1'];
const FALSE_WORDS = ['f', 'fa', 'fal', 'fals', 'false', 'n', 'no', '0'];
const INTEGER_RANGES = {
  int2: [-32768n, 32767n],
  int4: [-(2n ** 31n), 2n ** 31n - 1n],
  int8: [-(2n ** 63n), 2n ** 63n - 1n],
};

function parseBool(text: string): number {
  const word = text.trim().toLowerCase();
  if (TRUE_WORDS.includes(word)) return 1;
  if (FALSE_WORDS.includes(word)) return 0;
  throw invalidText('type boolean', text);
}

function parseInteger(name: 'int2' | 'int4' | 'int8', text: string): number | bigint {
  const sqlName = { int2: 'smallint', int4: 'integer', int8: 'bigint' }[name];
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) throw invalidText(sqlName, text);
  const value = BigInt(trimmed.replace(/^\+/, ''));
  const [low, high] = INTEGER_RANGES[name] as [bigint, bigint];
  if (value < low || value > high) throw outOfRange(sqlName);
  return name === 'int8' ? value : Number(value);
}

/** Decimal digits to an unscaled integer at `scale`, rounded half away from zero. */
export function parseNumeric(text: string, precision: number, scale: number): bigint {
  const m = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?\s*$/i.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = m ?? [];
  if (m === null || (whole === '' && fraction === '')) throw invalidText('type numeric', text);
  const digits = whole + fraction;
  const point = whole.length + Number(exponent) + scale;
  if (point > 200) throw numericFieldOverflow();
  const kept = point < 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const next = point < 0 ? '0' : (digits[point] ?? '0');
  let value = BigInt(kept === '' ? '0' : kept);
  if (next >= '5') value += 1n;
  if (value >= 10n ** BigInt(precision)) throw numericFieldOverflow();
  return sign === '-' ? -value : value;
}

export function formatNumeric(value: bigint, scale: number): string {
  const negative = value < 0n;
  const digits = String(negative ? -value : value).padStart(scale + 1, '0');
  const body = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${body}` : body;
}

function parseFloat8(text: string, sqlName: string): number {
  const word = text.trim().toLowerCase();
  if (word === 'nan') return NaN;
  if (/^[+-]?inf(inity)?$/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word)) throw invalidText(`type ${sqlName}`, text);
  const value = sqlName === 'real' ? Math.fround(Number(word)) : Number(word);
  // A number too small to be told from zero is as much out of range as one too large.
  if (!Number.isFinite(value) || (value === 0 && /^[+-]?[0.]*[1-9]/.test(word))) throw floatOutOfRange(text, sqlName);
  return value;
}

function parseOid(text: string): number {
  const trimmed = text.trim();
  if (!/^\d{1,10}$/.test(trimmed)) throw invalidText('type oid', text);
  return Number(trimmed) | 0;
}

function fitString(type: SqlType, text: string): string {
  const value = type.name === 'char' ? text.replace(/ +$/, '') : text;
  if (type.length === undefined || value.length <= type.length / 4) return value;
  const bytes = Buffer.byteLength(value);
  if (bytes <= type.length) return value;
  const trimmed = value.replace(/ +$/, '');
  if (Buffer.byteLength(trimmed) > type.length) throw valueTooLong(formatType(type));
  return trimmed.padEnd(trimmed.length + type.length - Buffer.byteLength(trimmed), ' ');
}

/** The leader's form of a VARBYTE value. */
export function fitBytes(type: SqlType, bytes: Buffer): string {
  if (type.length !== undefined && bytes.length > type.length) throw valueTooLong(formatType(type));
  return bytes.toString('hex');
}

/** A value of `type` from its input form. */
const ARRAY = /^\s*\{(?:[^{}"\\]|\\.|"(?:[^"\\]|\\.)*")*\}\s*$/s;
/** An array keeps its text, which must be one of one dimension with items that the type of its items takes. */
function arrayText(type: SqlType, text: string): string {
  if (type.name === 'int2vector' || type.name === 'oidvector') {
    for (const item of text.split(/\s+/).filter((i) => i !== '')) parseText({ name: elementName(type) }, item);
    return text.trim();
  }
  if (/^\s*\{\s*\{/.test(text)) throw featureNotSupported('arrays of several dimensions are not supported');
  if (!ARRAY.test(text)) throw malformedArray(text);
  const element = elementName(type);
  if (['int2', 'int4', 'oid', 'float4'].includes(element)) {
    const body = text.trim().slice(1, -1).replaceAll('"', '');
    for (const item of body.trim() === '' ? [] : body.split(','))
      if (item.trim().toUpperCase() !== 'NULL') parseText({ name: element }, item.trim());
  }
  return text.trim();
}

export function parseText(type: SqlType, text: string, settings: TextSettings = DEFAULT_TEXT_SETTINGS): ConstValue {
  switch (type.name) {
    case 'bool':
      return parseBool(text);
    case 'int2':
    case 'int4':
    case 'int8':
      return parseInteger(type.name, text);
    case 'numeric':
      return parseNumeric(text, type.precision ?? 18, type.scale ?? 0);
    case 'float4':
      return parseFloat8(text, 'real');
    case 'float8':
      return parseFloat8(text, 'double precision');
    case 'date':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return readTemporal(type, text, settings);
    case 'hllsketch':
      return readSketch(text);
    case 'intervaly2m':
    case 'intervald2s':
      return intervalOfText(type, text, settings);
    case 'varbyte':
      return fitBytes(type, Buffer.from(text, 'utf8'));
    case 'oid':
    case 'regclass':
    case 'regtype':
    case 'regproc':
    case 'regprocedure':
    case 'xid':
    case 'cid':
    case 'abstime':
      return parseOid(text);
    default:
      return isArray(type) ? arrayText(type, text) : fitString(type, text);
  }
}

/** The output form of a value that is not NULL. */
export function formatText(
  type: SqlType,
  value: Exclude<ConstValue, null>,
  settings: TextSettings = DEFAULT_TEXT_SETTINGS,
): string {
  switch (type.name) {
    case 'bool':
      return Number(value) === 0 ? 'f' : 't';
    case 'numeric':
      return formatNumeric(BigInt(value as bigint), type.scale ?? 0);
    case 'float4':
      return floatText(Number(value), true, settings.extraFloatDigits);
    case 'float8':
      return floatText(Number(value), false, settings.extraFloatDigits);
    case 'date':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
    case 'intervaly2m':
    case 'intervald2s':
      return writeTemporal(type, value, settings);
    case 'char':
      return String(value).padEnd(type.length ?? 0, ' ');
    case 'oid':
    case 'xid':
    case 'cid':
      return String(Number(value) >>> 0);
    default:
      return String(value);
  }
}
