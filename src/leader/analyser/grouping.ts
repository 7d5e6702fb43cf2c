/**
 * The rule of grouped queries: above the aggregation an expression may use group expressions and aggregates only.
 * `regroup` rewrites bound expressions to the aggregate's output columns, also inside subqueries that reach back to this
 * query, and reports the first column that is neither.
 */
import { mustAppearInGroupBy } from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import { isGrouping, type Group, type GroupingValues } from './grouping-sets.ts';
import { mapRelExprs } from '../../expressions/rel-walk.ts';
import { exprKey, isVolatile, likenessKey, mapChildren } from '../../expressions/walk.ts';

/** The expression as a subquery `depth` levels inside writes it. */
function shift(e: BoundExpr, depth: number): BoundExpr {
  if (depth === 0) return e;
  if (e.kind === 'column') return { kind: 'outer', type: e.type, id: e.id, depth };
  if (e.kind === 'outer') return { ...e, depth: e.depth + depth };
  return mapChildren(e, (c) => shift(c, depth));
}

export class Regrouping {
  readonly #groups: readonly Group[];
  readonly #aggregateIds: ReadonlySet<ColId>;
  readonly #nameOf: (id: ColId) => string | undefined;
  readonly #values: GroupingValues;
  readonly #keys: Map<string, ColumnRef>[] = [];

  /** `nameOf` knows the FROM columns of this query (and no others). */
  constructor(
    groups: readonly Group[],
    aggregateIds: ReadonlySet<ColId>,
    nameOf: (id: ColId) => string | undefined,
    values: GroupingValues,
  ) {
    this.#values = values;
    this.#groups = groups;
    this.#aggregateIds = aggregateIds;
    this.#nameOf = nameOf;
  }

  #keysAt(depth: number): Map<string, ColumnRef> {
    this.#keys[depth] ??= new Map(this.#groups.map((g) => [exprKey(shift(g.expr, depth)), g.column]));
    return this.#keys[depth]!;
  }
  #hit(e: BoundExpr, depth: number): ColumnRef | undefined {
    const exact = this.#keysAt(depth).get(exprKey(e));
    if (exact !== undefined || !isVolatile(e)) return exact;
    const key = likenessKey(e);
    return this.#groups.find((g) => g.written === true && likenessKey(shift(g.expr, depth)) === key)?.column;
  }

  regroup(e: BoundExpr, position: number | undefined, depth = 0): BoundExpr {
    if (depth === 0 && isGrouping(e)) return this.#values.of(e.args, position);
    if (e.kind !== 'const') {
      const hit = this.#hit(e, depth);
      if (hit !== undefined) return shift({ kind: 'column', type: hit.type, id: hit.id }, depth);
    }
    const own = depth === 0 ? e.kind === 'column' : e.kind === 'outer' && e.depth === depth;
    if (own && (e.kind === 'column' || e.kind === 'outer')) {
      const name = this.#nameOf(e.id);
      if (name !== undefined && !this.#aggregateIds.has(e.id)) throw mustAppearInGroupBy(name, position);
      return e;
    }
    const rebuilt = mapChildren(e, (c) => this.regroup(c, position, depth));
    if (rebuilt.kind !== 'subquery') return rebuilt;
    return { ...rebuilt, rel: mapRelExprs(rebuilt.rel, (x) => this.regroup(x, position, depth + 1)) };
  }
}
