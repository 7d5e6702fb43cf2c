/**
 * Result types that several functions share: a string as long as the first argument, the first argument's type, and
 * numeric types that follow it. Used in the `returns` of registry entries.
 */
import { VARBYTE_BYTES_MAX, VARCHAR_BYTES_MAX } from '../common/limits.ts';
import { FLOAT8, isFloat, isInteger, isString, numeric, varbyte, varchar, type SqlType } from '../types/sql-type.ts';

/** Text of no particular length. */
export const VARCHAR: SqlType = varchar(VARCHAR_BYTES_MAX);
/** As long as both arguments together. */
export const concatenated = (args: readonly SqlType[]): SqlType => {
  const [left, right] = [args[0]!.length, args[1]!.length];
  if (left === undefined || right === undefined) return VARCHAR;
  return varchar(Math.min(left + right, VARCHAR_BYTES_MAX));
};
/** As many bytes as both arguments together. */
export const concatenatedBytes = (args: readonly SqlType[]): SqlType => {
  const [left, right] = [args[0]!.length, args[1]!.length];
  return varbyte(Math.min((left ?? VARBYTE_BYTES_MAX) + (right ?? VARBYTE_BYTES_MAX), VARBYTE_BYTES_MAX));
};
/** As many bytes as the longer argument. */
export const longerBytes = (args: readonly SqlType[]): SqlType =>
  varbyte(Math.max(...args.map((a) => a.length ?? VARBYTE_BYTES_MAX)));
/** varchar of the first argument's length; text stays text. */
export const sameString = (args: readonly SqlType[]): SqlType => {
  const first = args[0]!;
  if (!isString(first)) return VARCHAR;
  if (first.name === 'text') return first;
  return first.length === undefined ? VARCHAR : varchar(first.length);
};
export const firstType = (args: readonly SqlType[]): SqlType => args[0]!;
/** Integers and decimals keep their type, everything else is double precision. */
export const numericLike = (args: readonly SqlType[]): SqlType => {
  const first = args[0]!;
  if (isInteger(first)) return first;
  if (isFloat(first) || first.name !== 'numeric') return FLOAT8;
  return first.precision === undefined ? numeric(38, 8) : first;
};
