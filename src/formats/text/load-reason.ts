/**
 * The err_reason texts of STL_LOAD_ERRORS from what the kernels stored: code, reason number, position and the raw
 * value. Numbers are those of src/wasm/runtime/csv-load.ts; reasons from 100 are UTF-8 sub-codes of the scanner.
 */
import { GEOMETRY_BYTES_MAX } from '../../common/limits.ts';
import type { SqlType } from '../../types/sql-type.ts';

export interface LoadFailure {
  readonly code: number;
  readonly reason: number;
  readonly position: number;
  /** The field's bytes; empty when the record as a whole is bad. */
  readonly value: Uint8Array;
  readonly type?: SqlType;
  readonly dateFormat?: string;
  readonly timeFormat?: string;
}

const NUMBER_NAMES: Readonly<Partial<Record<SqlType['name'], string>>> = {
  int2: 'Short',
  int4: 'Integer',
  int8: 'Long',
  numeric: 'Decimal',
  float4: 'Float',
  float8: 'Double',
};
const about = (f: LoadFailure): string => Buffer.from(f.value).toString();
const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(' ');

function digitReason(f: LoadFailure, what: string): string {
  const at = Math.min(f.position, Math.max(0, f.value.length - 1));
  const char = Buffer.from(f.value.subarray(at, at + 1)).toString('latin1');
  return `${what}, Value '${char}', Pos ${at}, Type: ${NUMBER_NAMES[f.type?.name ?? 'int4'] ?? 'Integer'}`;
}

const timePattern = ({ type }: LoadFailure): string =>
  type?.name === 'timestamptz' ? 'YYYY-MM-DD HH24:MI:SSOF' : 'YYYY-MM-DD HH24:MI:SS';

const BY_REASON: Readonly<Record<number, (f: LoadFailure) => string>> = {
  1: (f) => digitReason(f, 'Invalid digit'),
  2: (f) => digitReason(f, 'Overflow'),
  3: (f) => `Overflow for NUMERIC(${f.type?.precision ?? 18},${f.type?.scale ?? 0})`,
  4: () => 'String length exceeds DDL length',
  5: () => 'Char length exceeds DDL length',
  6: () => 'Invalid Date Format - length must be 10 or more',
  7: (f) => `Invalid date format or value [${f.dateFormat ?? 'YYYY-MM-DD'}]`,
  8: (f) => `Invalid timestamp format or value [${f.timeFormat ?? timePattern(f)}]`,
  9: () => 'Unknown boolean format',
  10: () => 'Missing data for not-null field',
  11: (f) =>
    'Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: ' +
    hex(f.value.subarray(f.position, f.position + sequenceLength(f.value[f.position] ?? 0))),
  13: () => 'Invalid HLLSKETCH format',
  12: () => 'Invalid time format or value [HH24:MI:SS]',
  14: () => 'Malformed JSON',
  15: () => 'Invalid interval format or value',
  16: () => 'Invalid hexadecimal format',
  17: () => 'VARBYTE length exceeds DDL length',
  19: (f) => `Missing newline: Unexpected character 0x${hex(f.value.subarray(0, 1))} found at location ${f.position}`,
  20: () => 'Invalid value.',
  21: () => 'Invalid JSONPath format: Member is not an object.',
  22: () => 'Invalid JSONPath format: Not an array or index out of range.',
  41: () => 'Invalid AVRO file found.',
  42: () => 'Invalid AVRO file found. Unexpected end of AVRO file.',
  43: () => 'Invalid AVRO file found. The file has no AVRO header.',
  44: (f) => `Invalid AVRO file found. The schema cannot be used: ${about(f)}`,
  45: (f) => `Invalid AVRO file found. Codec ${about(f)} is not supported.`,
  46: () => 'Invalid AVRO file found. A block is larger than 4 MB.',
  47: () => 'Invalid AVRO file found. The header is larger than 1 MB.',
  48: (f) => `Invalid AVRO file found. A block cannot be unpacked with ${about(f)}.`,
  60: (f) => `Geometry size: ${f.position} is larger than maximum supported size: ${GEOMETRY_BYTES_MAX}`,
  61: () => 'Invalid shapefile.',
  62: () => 'Invalid shapefile. Unexpected end of file.',
  63: (f) => `Invalid shapefile. Shapes of type ${about(f)} are not supported.`,
  64: () => 'Invalid shapefile. The .dbf file does not fit the .shp file.',
  65: () => 'Invalid shapefile. A shape is too large.',
  70: (f) => `Invalid data type: DynamoDB attributes of type ${/\w+/.exec(about(f))?.[0] ?? ''} are not supported.`,
  71: (f) => `Attribute names that differ only in case: ${about(f)}`,
  72: () => 'The item is too large.',
  18: () => 'Compass I/O exception: Invalid hexadecimal character(s) found',
};
const BY_CODE: Readonly<Record<number, string>> = {
  1200: 'Unknown parse error',
  1201: 'Field delimiter missing',
  1202: 'Extra column(s) found',
  1203: 'Missing column(s)',
  1211: 'Missing data',
  1214: 'Delimiter not found',
  1218: 'A field with NUL has more than one byte',
  1221: 'The encoding of the file is not the one that ENCODING says',
  1216: 'Invalid input line: row exceeds the 4 MB limit',
};

const sequenceLength = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/** The bytes that are wrong together: a leading byte that cannot be one, what there is of a sequence, or all of it. */
function badSequence(bytes: Uint8Array, sub: number): Uint8Array {
  const length = sub === 1 || sub === 3 ? 1 : sequenceLength(bytes[0] ?? 0);
  const end = sub === 2 ? bytes.findIndex((b, i) => i > 0 && (b & 0xc0) !== 0x80) : -1;
  return bytes.subarray(0, end < 0 ? length : Math.min(end, length));
}

export function loadReason(failure: LoadFailure): string {
  if (failure.code === 1220) {
    const sub = failure.reason - 100;
    const bytes = badSequence(failure.value.subarray(failure.position), sub);
    return `String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: ${hex(bytes)} (error ${sub})`;
  }
  if (failure.code === 1214 && failure.reason === 1) return 'Invalid quote formatting for CSV';
  if (failure.code <= 1203 || failure.code === 1211 || failure.code === 1214)
    return BY_CODE[failure.code] ?? 'Unknown parse error';
  return BY_REASON[failure.reason]?.(failure) ?? BY_CODE[failure.code] ?? 'Unknown parse error';
}
