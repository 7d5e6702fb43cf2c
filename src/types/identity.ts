/**
 * What makes two values of a type the same value, and which comes first: one entry per type, and every place that hashes,
 * compares, groups, sorts or distributes asks here. The physical form never decides: the same value of one type may be
 * carried in several forms (a wide numeric in one word, a real beside a double), and one form carries several types.
 *
 *   integer    the signed 64-bit number                    string     bytes without trailing blanks
 *   numeric    the unscaled number, whatever carries it;   float      the double; -0.0 is 0.0, NaN is one value
 *              both sides have one scale                              and the largest
 *   interval   microseconds with days of 24 hours and months of 30 days (kernel interval_span); the two families of
 *              intervals are integers
 *   bytes      every byte; a shorter value comes before what it begins
 *   folded     the string in lower case, character by character (wasm/runtime/collation.ts): the collation case_insensitive
 *   super      the key bytes of the value (kernel super_key): kind by kind, numbers of all types alike
 *
 * Called by expressions/compile-compare.ts and steps/value-code.ts only.
 */
import type { SqlType, TypeName } from './sql-type.ts';

export type Identity = 'integer' | 'numeric' | 'float' | 'string' | 'folded' | 'bytes' | 'interval' | 'super';

const IDENTITY: Readonly<Record<TypeName, Identity>> = {
  bool: 'integer',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'numeric',
  float4: 'float',
  float8: 'float',
  char: 'string',
  varchar: 'string',
  text: 'string',
  date: 'integer',
  time: 'integer',
  timestamp: 'integer',
  timestamptz: 'integer',
  hllsketch: 'string',
  super: 'super',
  timetz: 'integer',
  intervaly2m: 'integer',
  intervald2s: 'integer',
  varbyte: 'bytes',
  geometry: 'bytes',
  geography: 'bytes',
  unknown: 'string',
  interval: 'interval',
  record: 'string',
  void: 'integer',
  name: 'string',
  oid: 'integer',
  chartype: 'string',
  regclass: 'integer',
  regtype: 'integer',
  regproc: 'integer',
  regprocedure: 'integer',
  xid: 'integer',
  tid: 'string',
  cid: 'integer',
  abstime: 'integer',
  aclitem: 'string',
  bytea: 'bytes',
  refcursor: 'string',
  int2vector: 'string',
  oidvector: 'string',
  _int2: 'string',
  _int4: 'string',
  _text: 'string',
  _varchar: 'string',
  _oid: 'string',
  _aclitem: 'string',
  _char: 'string',
  _name: 'string',
  _float4: 'string',
};

export const identityOf = (type: SqlType): Identity =>
  type.collation === undefined ? IDENTITY[type.name] : 'folded';

/**
 * True when values of both types can be compared as they are: one identity, and numerics of one scale (an integer is a
 * numeric of scale 0).
 */
export function comparable(a: SqlType, b: SqlType): boolean {
  const [x, y] = [identityOf(a), identityOf(b)];
  const scale = (t: SqlType): number => (t.name === 'numeric' ? (t.scale ?? 0) : 0);
  const exact = (i: Identity): boolean => i === 'integer' || i === 'numeric';
  return exact(x) && exact(y) ? scale(a) === scale(b) : x === y;
}
