/**
 * Calls by which values get into SUPER and out of it: casts, the text clients see, the key they are sorted by, arrays and
 * objects of any length. Built by the analyser, by `expand` of functions and by steps that pass values on.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { caseInsensitiveToSuper } from '../common/errors/collation-errors.ts';
import { assert } from '../common/assert.ts';
import { SUPER_BYTES_MAX } from '../common/limits.ts';
import {
  BOOL,
  INT4,
  SUPER,
  TEXT,
  isString,
  varbyte,
  physOf,
  type SqlType,
  type TypeName,
} from '../types/sql-type.ts';
import { call, int4, wide } from './expand-nodes.ts';
import { textConstant } from './text-constant.ts';

/** JSON text of a SUPER value. */
export const superText = (e: BoundExpr): BoundExpr => call('super_text', 0, TEXT, [e]);
/** The value of JSON text; what is none fails. */
export const superOfJson = (e: BoundExpr): BoundExpr => call('super_parse', 0, SUPER, [e, int4(0), int4(0)]);
/** The bytes that a value lies in, which tell equal values apart that print differently, and the value of such bytes. */
export const superBytes = (e: BoundExpr): BoundExpr => call('super_bytes', 0, varbyte(SUPER_BYTES_MAX), [e]);
export const superOfBytes = (e: BoundExpr): BoundExpr => call('super_of_bytes', 0, SUPER, [e]);
/** Bytes in whose order SUPER values are. */
export const superKey = (e: BoundExpr): BoundExpr => call('super_key', 0, TEXT, [e]);

const FROM: readonly TypeName[] = ['bool', 'int2', 'int4', 'int8'];
/** A scalar as a SUPER value. */
export function superFrom(e: BoundExpr): BoundExpr {
  const { name } = e.type;
  if (e.kind === 'const' && e.value === null) return { kind: 'const', type: SUPER, value: null };
  if (name === 'super') return e;
  if (e.type.collation !== undefined && e.kind !== 'const') throw caseInsensitiveToSuper();
  if (name === 'float4' || name === 'float8') return call('super_from_float', name === 'float4' ? 0 : 1, SUPER, [e]);
  if (name === 'numeric') return call('super_from', 4, SUPER, [wide(e), int4(e.type.scale ?? 0)]);
  return call('super_from', isString(e.type) ? 5 : FROM.indexOf(name), SUPER, [e]);
}

const TO: readonly TypeName[] = ['bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'date'];
const MOMENTS: readonly TypeName[] = ['time', 'timestamp', 'timestamptz'];
/** A SUPER value as a scalar: of strings without their length. `strict`: what has no such cast is an error, not NULL. */
export function superTo(e: BoundExpr, type: SqlType, strict: boolean): BoundExpr {
  const flag = int4(strict ? 1 : 0);
  if (type.name === 'super') return e;
  if (isString(type)) return call('super_to', 7, { name: 'varchar' }, [e, flag]);
  if (type.name === 'numeric') {
    const digits = [int4(type.precision ?? 18), int4(type.scale ?? 0)];
    return call('super_to', physOf(type) === 'i64' ? 8 : 9, type, [e, ...digits, flag]);
  }
  if (MOMENTS.includes(type.name)) return call('super_to', 10, type, [e, flag, int4(MOMENTS.indexOf(type.name))]);
  const at = TO.indexOf(type.name);
  assert(at >= 0, `no cast of SUPER to ${type.name}`);
  return call('super_to', at, type, [e, flag]);
}

/** Left and right of the middle, so that `n` parts are joined `log n` deep. */
function joined(parts: readonly BoundExpr[], join: (a: BoundExpr, b: BoundExpr) => BoundExpr): BoundExpr {
  if (parts.length === 1) return parts[0]!;
  const middle = parts.length >> 1;
  return join(joined(parts.slice(0, middle), join), joined(parts.slice(middle), join));
}
/** An array of SUPER values. */
export function superArray(items: readonly BoundExpr[]): BoundExpr {
  if (items.length === 0) return call('super_array', 0, SUPER, []);
  return joined(
    items.map((e) => call('super_array', 1, SUPER, [e])),
    (a, b) => call('array_concat', 0, SUPER, [a, b]),
  );
}
/** An object of names and SUPER values. */
export function superObject(attributes: readonly (readonly [BoundExpr, BoundExpr])[]): BoundExpr {
  if (attributes.length === 0) return call('super_object', 0, SUPER, []);
  return joined(
    attributes.map(([name, value]) => call('super_object', 1, SUPER, [name, value])),
    (a, b) => call('super_merge', 0, SUPER, [a, b]),
  );
}
/** A value as what a path starts from and the path. */
const startOf = (value: BoundExpr): readonly [BoundExpr, BoundExpr] =>
  value.kind === 'call' && value.name === 'super_path' ? [value.args[0]!, value.args[1]!] : [value, textConstant('')];
/** Unnesting: how many items or attributes a value has, the one of a number, and its name. */
export const superRows = (value: BoundExpr, ofObject: boolean): BoundExpr =>
  call('super_rows', 0, INT4, [...startOf(value), int4(ofObject ? 1 : 0)]);
export const superRow = (value: BoundExpr, number: BoundExpr, ofObject: boolean): BoundExpr =>
  call('super_row', 0, SUPER, [...startOf(value), number, int4(ofObject ? 1 : 0)]);
export const superRowName = (value: BoundExpr, number: BoundExpr): BoundExpr =>
  call('super_row_name', 0, { name: 'varchar' }, [...startOf(value), number]);
/** Operators: the kernel says by number which. */
export const superArith = (op: '+' | '-' | '*' | '/' | '%', a: BoundExpr, b: BoundExpr): BoundExpr =>
  call('super_arith', 0, SUPER, [a, b, int4('+-*/%'.indexOf(op))]);
/** What is no number is NULL. */
export const superNumber = (a: BoundExpr): BoundExpr => superArith('+', a, superFrom(int4(0)));
export const superUnary = (op: 'neg' | 'abs' | 'ceil' | 'floor' | 'sign', a: BoundExpr): BoundExpr =>
  call('super_unary', 0, SUPER, [a, int4(['neg', 'abs', 'ceil', 'floor', 'sign'].indexOf(op))]);
/** To so many places behind the point, none when nothing is said. */
export const superRound = (a: BoundExpr, digits: BoundExpr | undefined, truncates: boolean): BoundExpr =>
  call('super_round', 0, SUPER, [a, digits ?? int4(0), int4(truncates ? 1 : 0)]);
export const superBefore = (op: '<' | '<=' | '>' | '>=', a: BoundExpr, b: BoundExpr): BoundExpr =>
  call('super_before', 0, BOOL, [a, b, int4(['<', '<=', '>', '>='].indexOf(op))]);
/** An operand of a comparison: a JSON null is NULL. */
export const superOperand = (e: BoundExpr): BoundExpr =>
  e.kind === 'call' && (e.name === 'super_from' || e.name === 'super_operand')
    ? e
    : call('super_operand', 0, SUPER, [e]);
export const superIsNull = (e: BoundExpr): BoundExpr => call('super_is_null', 0, BOOL, [e]);
export const superIs = (e: BoundExpr, what: number): BoundExpr => call('super_is', 0, BOOL, [e, int4(what)]);
