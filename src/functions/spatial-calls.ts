/**
 * Calls by which values become GEOMETRY or GEOGRAPHY, and the text that clients see. Built by the analyser, by `expand` of
 * functions and by steps that pass values on.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { TEXT, type SqlType } from '../types/sql-type.ts';
import { call } from './expand-nodes.ts';

/** Well-known binary, which is shown in capital digits. */
export const WKB: SqlType = { name: 'varbyte', digits: 'upper' };
/** Kept values behind each other, each behind its length. */
export const SPATIAL_LIST: SqlType = { name: 'varbyte' };
/** EWKB in hexadecimal digits. */
export const spatialText = (e: BoundExpr): BoundExpr => call('spatial_text', 0, TEXT, [e]);

/** A text, VARBYTE or value of the other spatial type as `type`. */
export function spatialFrom(e: BoundExpr, type: SqlType): BoundExpr {
  if (e.kind === 'const' && e.value === null) return { kind: 'const', type, value: null };
  const { name } = e.type;
  if (name === type.name) return e;
  if (name === 'geography') return { kind: 'cast', type, arg: e, mode: 'implicit' };
  if (name === 'geometry') return call('geography_of_geometry', 0, type, [e]);
  if (name === 'varbyte') return call('geometry_of_bytes', 0, type, [e]);
  return call(`${type.name}_of_text`, 0, type, [e]);
}
