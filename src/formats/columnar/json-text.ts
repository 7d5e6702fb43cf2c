/**
 * Values of typed formats as JSON text, which a SUPER column is made from: scalars by their SQL type, and the parts of objects and
 * arrays.
 */
import { shortestFloat } from '../../types/float-format.ts';
import { formatNumeric, formatText } from '../../types/text.ts';
import { DATE, TIME, TIMESTAMP, TIMESTAMPTZ } from '../../types/sql-type.ts';

const ISO = { timezone: 'UTC', extraFloatDigits: 0, dateStyle: 0 };
const quoted = (text: string): string => `"${text}"`;

export const jsonString = (text: string): string => JSON.stringify(text);
export const jsonDecimal = formatNumeric;
export const jsonDate = (days: number): string => quoted(formatText(DATE, days, ISO));
export const jsonTime = (micros: bigint): string => quoted(formatText(TIME, micros, ISO));
export const jsonTimestamp = (micros: bigint, utc: boolean): string =>
  quoted(formatText(utc ? TIMESTAMPTZ : TIMESTAMP, micros, ISO));
/** What is no number of JSON is a string. */
export const jsonFloat = (value: number, single: boolean): string =>
  Number.isFinite(value) ? shortestFloat(value, single) : quoted(String(value));
/** Bytes that are no text: hexadecimal digits. */
export const jsonBytes = (bytes: Uint8Array): string => quoted(Buffer.from(bytes).toString('hex'));

export const jsonArray = (items: readonly string[]): string => `[${items.join(',')}]`;
/** `names` are JSON strings already. */
export const jsonObject = (names: readonly string[], values: readonly string[]): string =>
  `{${names.map((name, i) => `${name}:${values[i]!}`).join(',')}}`;
