/**
 * Groups that no row will ask for need not be made. Where a join looks for an aggregate's group by a column that some table
 * of its other side restricts, the aggregate's rows are restricted the same way first:
 *
 *   part join (select l_partkey, avg(l_quantity) from lineitem group by 1) q on q.l_partkey = p_partkey where p_brand = ...
 *
 * aggregates lineitem semi join (part where p_brand = ...). That reads the small table twice, so the semi join is optional: the
 * optimizer leaves it out where it would not drop most of the rows (optimizer/join.ts).
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, isGroupingSets, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { mapInputs, relIsVolatile } from '../../expressions/rel-walk.ts';
import { collectColumns, conjuncts, isVolatile, substitute } from '../../expressions/walk.ts';
import { BOOL, sameType } from '../../types/sql-type.ts';
import { colExpr, type FreshColumns } from './fresh.ts';

type Join = Extract<Rel, { kind: 'join' }>;
type Get = Extract<Rel, { kind: 'get' }>;
/** A table with conditions of its own. */
interface Restricted {
  readonly get: Get;
  readonly condition: BoundExpr;
}
type Pair = readonly [ColId, ColId];
interface Side {
  readonly tables: Restricted[];
  /** Columns that are equal in every row of the side. */
  readonly equal: Pair[];
}

export function restrictGroups(rel: Rel, fresh: FreshColumns): Rel {
  const below = mapInputs(rel, (r) => restrictGroups(r, fresh));
  if (below.kind !== 'join' || below.on === undefined || isVolatile(below.on)) return below;
  let join: Join = below;
  for (const [a, b] of equalities(below.on)) {
    join = restricted(join, 'right', a, b, fresh);
    join = restricted(join, 'right', b, a, fresh);
    if (join.type !== 'inner') continue;
    join = restricted(join, 'left', a, b, fresh);
    join = restricted(join, 'left', b, a, fresh);
  }
  return join;
}

/** Types of a join whose right side's rows are looked at only by keys of the left side. */
const ASKS_RIGHT: readonly Join['type'][] = ['inner', 'left', 'semi', 'anti'];

/** The join with the groups of one side, by `group`, cut down to the keys that the other side's `key` can have. */
function restricted(join: Join, side: 'left' | 'right', group: ColId, key: ColId, fresh: FreshColumns): Join {
  if (!ASKS_RIGHT.includes(join.type)) return join;
  const other = side === 'left' ? join.right : join.left;
  if (!has(join[side], group) || !has(other, key)) return join;
  const input = withGroups(join[side], group, (type) => keysOf(other, key, type, fresh));
  return input === undefined ? join : { ...join, [side]: input };
}

interface Keys {
  readonly rel: Rel;
  readonly column: BoundExpr;
}
/** `rel` with the input of the aggregate that makes the group column cut down; undefined when there is none, or no keys. */
function withGroups(rel: Rel, group: ColId, keys: (type: BoundExpr['type']) => Keys | undefined): Rel | undefined {
  switch (rel.kind) {
    case 'filter':
      if (isVolatile(rel.condition)) return undefined;
      return through(rel, withGroups(rel.input, group, keys));
    case 'subquery':
      return rel.secure === undefined ? through(rel, withGroups(rel.input, group, keys)) : undefined;
    case 'project': {
      const expr = rel.exprs[rel.columns.findIndex((c) => c.id === group)];
      if (expr?.kind !== 'column' || rel.exprs.some(isVolatile)) return undefined;
      return through(rel, withGroups(rel.input, expr.id, keys));
    }
    case 'aggregate': {
      if (isGroupingSets(rel.input)) return undefined;
      const expr = rel.groups.find((g) => g.column.id === group)?.expr;
      if (expr?.kind !== 'column' || relIsVolatile(rel)) return undefined;
      const wanted = keys(expr.type);
      if (wanted === undefined) return undefined;
      const on: BoundExpr = { kind: 'compare', type: BOOL, op: '=', left: expr, right: wanted.column };
      return {
        ...rel,
        input: { kind: 'join', type: 'semi', left: rel.input, right: wanted.rel, on, optional: true },
      };
    }
    default:
      return undefined;
  }
}
type Through = Extract<Rel, { kind: 'filter' | 'subquery' | 'project' }>;
const through = (rel: Through, input: Rel | undefined): Rel | undefined =>
  input === undefined ? undefined : { ...rel, input };

/** A copy of a table of the other side that restricts the key, giving that column alone. */
function keysOf(other: Rel, key: ColId, type: BoundExpr['type'], fresh: FreshColumns): Keys | undefined {
  const side: Side = { tables: [], equal: [] };
  gather(other, side);
  const equal = classOf(key, side.equal);
  for (const { get, condition } of side.tables) {
    const column = get.columns.find((c) => equal.has(c.id) && sameType(c.type, type));
    if (column === undefined) continue;
    const columns = get.columns.map((c): ColumnRef => ({ ...c, id: fresh.id() }));
    const map = new Map(get.columns.map((c, i) => [c.id, colExpr(columns[i]!)]));
    const copy: Rel = { kind: 'filter', input: { ...get, columns }, condition: substitute(condition, map) };
    const of = columns[get.columns.indexOf(column)]!;
    return {
      rel: { kind: 'project', input: copy, columns: [of], exprs: [colExpr(of)] },
      column: colExpr(of),
    };
  }
  return undefined;
}

function gather(rel: Rel, into: Side): void {
  switch (rel.kind) {
    case 'filter': {
      const { input, condition } = rel;
      into.equal.push(...equalities(condition));
      if (input.kind !== 'get') return gather(input, into);
      const isTarget = input.attnums.some((a) => a < 0);
      if (!isTarget && !isVolatile(condition) && collectColumns(condition).size > 0)
        into.tables.push({ get: input, condition });
      return;
    }
    case 'subquery':
      return rel.secure === undefined ? gather(rel.input, into) : undefined;
    case 'project':
      for (const [i, e] of rel.exprs.entries()) if (e.kind === 'column') into.equal.push([rel.columns[i]!.id, e.id]);
      return gather(rel.input, into);
    case 'join':
      if (rel.type === 'right' || rel.type === 'full') return;
      gather(rel.left, into);
      if (!['inner', 'cross', 'semi'].includes(rel.type)) return;
      into.equal.push(...equalities(rel.on));
      return gather(rel.right, into);
    default:
      return;
  }
}

/** Pairs of columns of one type that the condition says are equal. */
const equalities = (condition: BoundExpr | undefined): Pair[] =>
  conjuncts(condition).flatMap((e): Pair[] =>
    e.kind === 'compare' &&
    e.op === '=' &&
    e.left.kind === 'column' &&
    e.right.kind === 'column' &&
    sameType(e.left.type, e.right.type)
      ? [[e.left.id, e.right.id]]
      : [],
  );
function classOf(key: ColId, pairs: readonly Pair[]): ReadonlySet<ColId> {
  const found = new Set([key]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [a, b] of pairs) {
      if (found.has(a)) found.add(b);
      else if (found.has(b)) found.add(a);
    }
  }
  return found;
}
const has = (rel: Rel, id: ColId): boolean => columnsOf(rel).some((c) => c.id === id);
