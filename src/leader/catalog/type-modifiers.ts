/**
 * The one reading of what stands in a type's parentheses: NUMERIC(p, s), VARCHAR(n), CHAR(n), FLOAT(n), and nothing for
 * the other types. Casts, CONVERT, column definitions, column definition lists and PREPARE's types all come here, so no
 * type with a modifier out of its range exists behind the analyser.
 */
import {
  featureNotSupported,
  invalidModifier,
  modifierNotAllowed,
  numericPrecisionRange,
  numericScaleRange,
  typeLengthTooLong,
  typeLengthTooShort,
} from '../../common/errors/catalogue.ts';
import { CHAR_BYTES_MAX, NUMERIC_PRECISION_MAX, NUMERIC_SCALE_MAX, VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import { FLOAT4, FLOAT8, char, numeric, varchar, type SqlType } from '../../types/sql-type.ts';
import type { TypeRef } from '../parser/ast.ts';

const DEFAULT_PRECISION = 18;
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
