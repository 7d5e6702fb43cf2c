/**
 * Error codes that kernels store at ctx+ERROR_CODE: the AssemblyScript twin of common/errors/runtime-errors.ts (a test
 * keeps the two equal), and the functions that store them. The first error of a call chain wins.
 */
import { ERROR_ARG, ERROR_CODE, ERROR_LEN, strLen, strPtr } from './layout.ts';

export const DIVISION_BY_ZERO: i32 = 1;
export const SMALLINT_RANGE: i32 = 2;
export const INTEGER_RANGE: i32 = 3;
export const BIGINT_RANGE: i32 = 4;
export const NUMERIC_OVERFLOW: i32 = 5;
export const NUMERIC_FIELD_OVERFLOW: i32 = 6;
export const NUMERIC128_OVERFLOW: i32 = 7;
export const INVALID_INTEGER: i32 = 8;
export const INVALID_NUMERIC: i32 = 9;
export const INVALID_FLOAT: i32 = 10;
export const INVALID_BOOL: i32 = 11;
export const INVALID_DATE: i32 = 12;
export const INVALID_TIMESTAMP: i32 = 13;
export const INVALID_TIME: i32 = 14;
export const DATETIME_RANGE: i32 = 15;
export const VALUE_TOO_LONG: i32 = 16;
export const OUT_OF_MEMORY: i32 = 17;
export const MORE_THAN_ONE_ROW: i32 = 18;
export const NOT_NULL: i32 = 19;
export const FLOAT_RANGE: i32 = 20;
export const INVALID_PARAMETER: i32 = 21;
export const INVALID_UTF8: i32 = 22;
export const MULTIBYTE_CHAR: i32 = 23;
export const INTERVAL_INPUT: i32 = 24;
export const NEGATIVE_LENGTH: i32 = 25;
export const UNKNOWN_DATEPART: i32 = 26;
export const NEGATIVE_SQRT: i32 = 27;
export const LOG_DOMAIN: i32 = 28;
export const INVALID_REGEX: i32 = 29;
export const LISTAGG_LIMIT: i32 = 30;
export const BAD_LIKE_ESCAPE: i32 = 31;
export const NEGATIVE_LIMIT: i32 = 32;
export const INVALID_ARRAY: i32 = 33;
export const PERCENTILE_RANGE: i32 = 51;
export const INVALID_SKETCH: i32 = 50;
export const INVALID_JSON_OBJECT: i32 = 34;
export const INVALID_JSON_ARRAY: i32 = 35;
export const REGEX_TOO_COMPLEX: i32 = 36;
export const DATETIME_RESULT: i32 = 40;
export const NTILE_GROUPS: i32 = 41;
export const NTH_VALUE_ROW: i32 = 42;
export const NEGATIVE_OFFSET: i32 = 43;
export const INTERVAL_PATTERN: i32 = 44;
export const FLOAT_UNDERFLOW: i32 = 45;
export const FLOAT8_TEXT: i32 = 46;
export const FLOAT4_TEXT: i32 = 47;
export const DATE_FIELD_RANGE: i32 = 48;
export const TIME_FIELD_RANGE: i32 = 49;
export const MULTIPLE_MATCHES: i32 = 60;
export const INVALID_JSON: i32 = 70;
export const SUPER_DUPLICATE_KEY: i32 = 71;
export const SUPER_NESTING: i32 = 72;
export const SUPER_STRING_TOO_LONG: i32 = 73;
export const SUPER_TOO_LARGE: i32 = 74;
export const SUPER_TEXT_TOO_LONG: i32 = 75;
export const SUPER_PATH: i32 = 76;
export const SUPER_CAST: i32 = 77;
export const SUPER_NULL_KEY: i32 = 78;
export const SUPER_CASE_CLASH: i32 = 79;
export const UNLOAD_FIELD_WIDTH: i32 = 80;

export function fail(ctx: i32, code: i32): void {
  if (load<i32>(ctx, ERROR_CODE) != 0) return;
  store<i32>(ctx, code, ERROR_CODE);
  store<i32>(ctx, 0, ERROR_ARG);
  store<i32>(ctx, 0, ERROR_LEN);
}
export function failStr(ctx: i32, code: i32, s: i64): void {
  failText(ctx, code, strPtr(s), strLen(s));
}
export function failText(ctx: i32, code: i32, ptr: i32, len: i32): void {
  if (load<i32>(ctx, ERROR_CODE) != 0) return;
  store<i32>(ctx, code, ERROR_CODE);
  store<i32>(ctx, ptr, ERROR_ARG);
  store<i32>(ctx, len, ERROR_LEN);
}
