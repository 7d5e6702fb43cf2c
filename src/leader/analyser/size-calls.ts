/**
 * pg_table_size, pg_relation_size, pg_total_relation_size and pg_database_size: sizes are known to the slices, so the
 * call becomes a scalar subquery over the table function table_bytes. Called for every function call by that name.
 */
import { undefinedFunction } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import { compare, mapChildren } from '../../expressions/walk.ts';
import { INT8, OID, numeric } from '../../types/sql-type.ts';
import { constant, tryCoerce } from './coerce.ts';
import { newColumn, type AnalyserState } from './context.ts';
import { shownType } from './type-rules.ts';

const OF_TABLE = ['pg_table_size', 'pg_relation_size', 'pg_total_relation_size'];
const OF_EVERYTHING = ['pg_database_size', 'pg_tablespace_size'];
export const isSizeCall = (name: string): boolean => OF_TABLE.includes(name) || OF_EVERYTHING.includes(name);

/** The expression as a query one level further in sees it. */
const deeper = (e: BoundExpr): BoundExpr => {
  if (e.kind === 'column') return { kind: 'outer', type: e.type, id: e.id, depth: 1 };
  if (e.kind === 'outer') return { ...e, depth: e.depth + 1 };
  return mapChildren(e, deeper);
};

export function bindSizeCall(
  state: AnalyserState,
  name: string,
  args: readonly BoundExpr[],
  position: number,
): BoundExpr {
  const bad = (): Error => undefinedFunction(`${name}(${args.map((a) => shownType(a.type)).join(', ')})`, position);
  if (args.length !== 1) throw bad();
  state.usage.leaderFunctions.add(`${name}(oid)`);
  const oid = newColumn(state, 'oid', OID);
  const bytes = newColumn(state, 'bytes', INT8);
  let rel: Rel = { kind: 'virtual', name: 'table_bytes', alias: name, columns: [oid, bytes], args: [] };
  if (OF_TABLE.includes(name)) {
    const wanted = tryCoerce(state, args[0]!, OID, 'implicit', position);
    if (wanted === undefined) throw bad();
    const condition = compare('=', { kind: 'column', type: OID, id: oid.id }, deeper(wanted));
    rel = { kind: 'filter', input: rel, condition };
  }
  const total = newColumn(state, 'sum', numeric(38, 0));
  const value: BoundExpr = { kind: 'column', type: INT8, id: bytes.id };
  rel = {
    kind: 'aggregate',
    input: rel,
    groups: [],
    aggregates: [{ id: total.id, type: total.type, name: 'sum', args: [value], distinct: false, columnName: 'sum' }],
  };
  const sum: BoundExpr = { kind: 'subquery', type: total.type, form: 'scalar', negated: false, left: [], rel };
  const size: BoundExpr = { kind: 'cast', type: INT8, arg: sum, mode: 'implicit' };
  return { kind: 'coalesce', type: INT8, args: [size, constant(INT8, 0n)] };
}
