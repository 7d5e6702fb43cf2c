/**
 * The array type that holds values of a type, and the order of an array's items. Types without an array type of their own
 * travel as text[], whose `element` then says what the texts are.
 */
import { arrayName, elementName, isFloat, isNumber, isString, type SqlType } from '../types/sql-type.ts';
import type { ItemOrder } from './array-text.ts';

export function arrayTypeOf(t: SqlType): SqlType {
  const own = arrayName(t.name);
  if (own !== undefined && own !== '_varchar') return { name: own };
  return isString(t) || t.name === 'unknown' ? { name: '_text' } : { name: '_text', element: t.name };
}

/** How values of a type are ordered in their text form; undefined where the text does not tell (dates in any DateStyle). */
export function itemOrder(t: SqlType): ItemOrder | undefined {
  if (isFloat(t)) return 'float';
  if (isNumber(t) || t.name === 'oid') return 'number';
  return isString(t) || t.name === 'bool' || t.name === 'aclitem' ? 'text' : undefined;
}
export const arrayItemOrder = (t: SqlType): ItemOrder | undefined => itemOrder({ name: t.element ?? elementName(t) });
