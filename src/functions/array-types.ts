/**
 * The array type that holds values of a type; types without one of their own use text[].
 */
import type { SqlType, TypeName } from '../types/sql-type.ts';

const ARRAYS: Readonly<Partial<Record<TypeName, TypeName>>> = {
  int2: '_int2',
  int4: '_int4',
  oid: '_oid',
  name: '_name',
  aclitem: '_aclitem',
  chartype: '_char',
  float4: '_float4',
};
export const arrayTypeOf = (t: SqlType): SqlType => ({ name: ARRAYS[t.name] ?? '_text' });
