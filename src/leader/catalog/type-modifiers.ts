/**
 * The one reading of what stands in a type's parentheses: NUMERIC(p, s), VARCHAR(n), CHAR(n), FLOAT(n), and nothing for
 * the other types. Casts, CONVERT, column definitions, column definition lists and PREPARE's types all come here, so no
 * type with a modifier out of its range exists behind the analyser.
 */
import {
  featureNotSupported,
  grammarError,
  invalidModifier,
  modifierNotAllowed,
  numericPrecisionRange,
  numericScaleRange,
  typeLengthTooLong,
  typeLengthTooShort,
} from '../../common/errors/catalogue.ts';
import {
  CHAR_BYTES_MAX,
  NUMERIC_PRECISION_MAX,
  NUMERIC_SCALE_MAX,
  VARBYTE_BYTES_MAX,
  VARCHAR_BYTES_MAX,
} from '../../common/limits.ts';
import { FIELDS, intervalType, qualifierOf } from '../../types/interval-fields.ts';
import { FLOAT4, FLOAT8, INTERVAL, char, numeric, varbyte, varchar, type SqlType } from '../../types/sql-type.ts';
import type { TypeRef } from '../parser/ast.ts';

const DEFAULT_PRECISION = 18;
const VARBYTE_DEFAULT = 64_000;
const FLOAT4_BITS_MAX = 24;
const FLOAT8_BITS_MAX = 53;

export function numericOf(ref: TypeRef): SqlType {
  const [precision = DEFAULT_PRECISION, scale = 0] = ref.mods;
  if (ref.mods.length > 2) throw invalidModifier('NUMERIC', ref.pos + 1);
  if (precision < 1 || precision > NUMERIC_PRECISION_MAX) throw numericPrecisionRange(String(precision), ref.pos + 1);
  if (scale < 0 || scale > precision || scale > NUMERIC_SCALE_MAX)
    throw numericScaleRange(String(scale), String(precision), ref.pos + 1);
  return numeric(precision, scale);
}

/** VARCHAR and CHAR; `fallback` is the length when none is given. */
export function stringOf(ref: TypeRef, name: 'char' | 'varchar', fallback: number): SqlType {
  const shown = name === 'char' ? 'character' : 'character varying';
  const max = name === 'char' ? CHAR_BYTES_MAX : VARCHAR_BYTES_MAX;
  const [length = fallback] = ref.mods;
  if (ref.mods.length > 1) throw invalidModifier(shown, ref.pos + 1);
  if (length < 1) throw typeLengthTooShort(shown, ref.pos + 1);
  if (length > max) throw typeLengthTooLong(shown, String(max), ref.pos + 1);
  return name === 'char' ? char(length) : varchar(length);
}

export function floatOf(ref: TypeRef): SqlType {
  const [bits = FLOAT8_BITS_MAX] = ref.mods;
  if (ref.mods.length > 1 || bits < 1 || bits > FLOAT8_BITS_MAX) throw invalidModifier('float', ref.pos + 1);
  return bits <= FLOAT4_BITS_MAX ? FLOAT4 : FLOAT8;
}

/** VARBYTE; MAX stands for the longest there is. */
export function varbyteOf(ref: TypeRef): SqlType {
  const [length = VARBYTE_DEFAULT] = ref.mods;
  if (ref.mods.length > 1) throw invalidModifier('binary varying', ref.pos + 1);
  if (length < 1) throw typeLengthTooShort('binary varying', ref.pos + 1);
  if (length > VARBYTE_BYTES_MAX) throw typeLengthTooLong('binary varying', String(VARBYTE_BYTES_MAX), ref.pos + 1);
  return varbyte(length);
}

/** INTERVAL with a qualifier is a type of its own; without one it is the untyped interval of expressions. */
export function intervalOf(ref: TypeRef): SqlType {
  if (ref.fields === undefined) return INTERVAL;
  const { first, last, digits } = qualifierOf(ref.fields);
  const isSecond = last === 'second';
  if (digits !== undefined && (!isSecond || digits > SECOND_DIGITS)) throw invalidModifier('interval', ref.pos + 1);
  const [from, to] = [FIELDS[first], FIELDS[last]];
  if (from === undefined || to === undefined || (from.months === undefined) !== (to.months === undefined))
    throw grammarError(`an interval has no fields ${ref.fields}`, ref.pos + 1);
  return intervalType(ref.fields);
}

/** Digits of a second: times have all six, whatever a client asks for, so it may ask for six only. */
const WITH_PRECISION: readonly string[] = ['time', 'timetz', 'timestamp', 'timestamptz'];
const SECOND_DIGITS = 6;

/** Checks a type that has no parameters of its own. */
export function requirePlain(ref: TypeRef): void {
  if (ref.mods.length === 0) return;
  if (ref.name.endsWith('[]')) throw featureNotSupported('an array of a type with a length', ref.pos + 1);
  if (ref.name === 'interval') return;
  const precise = WITH_PRECISION.some((t) => ref.name === t || ref.name.startsWith(`${t} with`));
  if (precise && ref.mods.length === 1) {
    if (ref.mods[0] === SECOND_DIGITS) return;
    throw featureNotSupported(`${ref.name}(${ref.mods[0]}): a second has six digits here`, ref.pos + 1);
  }
  throw modifierNotAllowed(ref.name, ref.pos + 1);
}
