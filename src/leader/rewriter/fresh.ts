/**
 * New columns for the rewriter: ids above every id of the statement, so no meaning is ever given twice.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { maxColId } from '../../expressions/rel-walk.ts';
import type { SqlType } from '../../types/sql-type.ts';

export class FreshColumns {
  #last: number;
  constructor(rel: Rel) {
    this.#last = maxColId(rel);
  }
  id(): ColId {
    return ++this.#last;
  }
  column(name: string, type: SqlType): ColumnRef {
    return { id: this.id(), name, type };
  }
}

export const colExpr = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });

/** A projection to exactly these columns of `rel`, or `rel` itself when it has no others. */
export function exactly(rel: Rel, have: readonly ColumnRef[], want: readonly ColumnRef[]): Rel {
  if (have.length === want.length && want.every((c, i) => c.id === have[i]!.id)) return rel;
  return { kind: 'project', input: rel, columns: want, exprs: want.map(colExpr) };
}
