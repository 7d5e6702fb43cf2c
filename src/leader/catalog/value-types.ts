/**
 * Types of values that are no columns: parameters of PREPARE, arguments and variables of routines.
 */
import { undefinedType } from '../../common/errors/catalogue.ts';
import { VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import { isNameable, TYPE_INFO, varchar, type SqlType, type TypeName } from '../../types/sql-type.ts';
import type { TypeRef } from '../parser/ast.ts';
import { floatOf, intervalOf, numericOf, requirePlain, stringOf, varbyteOf } from './type-modifiers.ts';

/** The type that is named; a VARCHAR without a length has `length` bytes. */
export function typeOfValue(ref: TypeRef, length = 256): SqlType {
  const name = (ref.name.endsWith('[]') ? `_${ref.name.slice(0, -2)}` : ref.name) as TypeName;
  if (ref.name === 'float') return floatOf(ref);
  if (!(name in TYPE_INFO) || !isNameable(name)) throw undefinedType(ref.name, ref.pos + 1);
  if (name === 'numeric') return numericOf(ref);
  if (name === 'varchar' || name === 'char') return stringOf(ref, name, name === 'char' ? 1 : length);
  if (name === 'varbyte') return varbyteOf(ref);
  if (name === 'interval') return intervalOf(ref);
  requirePlain(ref);
  return { name };
}

/** Of an argument or the result of a function: without modifiers it is of any length, and of any digits. */
export function typeOfFunctionValue(ref: TypeRef): SqlType {
  const type = typeOfVariable(ref);
  const isOpen = ref.mods.length === 0 && (type.name === 'varchar' || type.name === 'numeric');
  return isOpen ? { name: type.name } : type;
}

/** Of an argument or a variable: texts have no length unless they are given one. */
export function typeOfVariable(ref: TypeRef): SqlType {
  const type = typeOfValue(ref, VARCHAR_BYTES_MAX);
  return type.name === 'text' ? varchar(VARCHAR_BYTES_MAX) : type;
}
