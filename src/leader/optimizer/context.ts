/**
 * What the optimizer is told (OptimizerContext) and what its parts share while one statement is planned (Planner).
 *
 * Invariant of `same`: two columns are put in one class only when every set of rows that holds both holds them equal
 * (equality predicates of inner joins, copies made by projections), so a hash distribution on one is one on the other.
 */
import type { ColId, TableId } from '../../common/ids.ts';
import type { Steps } from '../../common/steps.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import type { AggregateFunction } from '../../functions/define.ts';
import type { TableObject } from '../catalog/objects.ts';
import type { Distribution, PlanNode } from '../plan/plan.ts';
import type { ColumnProfile } from './statistics.ts';

export interface OptimizerContext {
  table(oid: TableId): TableObject;
  /** Rows the leader knows the table to hold now; used when the table was never analysed or has grown far since. */
  rowCountOf(oid: TableId): number;
  /** Share of a table's rows outside its sorted region, 0 to 1, as the leader knows them now; of an empty table 0. */
  unsortedShareOf(oid: TableId): number;
  /** How much a system view or table function holds; undefined when nobody knows. */
  viewSize(name: string): { readonly rows: number; distinct(column: string): number | undefined } | undefined;
  readonly topology: { readonly nodes: number; readonly slicesPerNode: number; readonly sliceCount: number };
  /** Memory of a slice. */
  readonly sliceBytes: number;
  /** Joins by alternatives are never loops. */
  readonly forcesAlternatives: boolean;
  /** The registry's aggregate of this name. */
  aggregateFunction(name: string): AggregateFunction;
  /** The statement asks the leader's catalog or session for each row: such rows cannot leave the leader. */
  callsHost(): boolean;
  /** Whether one of the expressions calls a spatial function: a row may take long. */
  callsSpatial(exprs: readonly BoundExpr[]): boolean;
  nextColId(): ColId;
}

export type Needed = ReadonlySet<ColId>;

/** Union-find over columns known to be equal. */
export class ColumnClasses {
  private readonly parent = new Map<ColId, ColId>();

  find(id: ColId): ColId {
    let at = id;
    for (let up = this.parent.get(at); up !== undefined; up = this.parent.get(at)) at = up;
    // Chains of a hundred joins are asked thousands of times.
    for (let below = id; below !== at;) {
      const next = this.parent.get(below)!;
      this.parent.set(below, at);
      below = next;
    }
    return at;
  }
  same(a: ColId, b: ColId): boolean {
    return this.find(a) === this.find(b);
  }
  join(a: ColId, b: ColId): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.parent.set(x, y);
  }
}

/** Rows that are on the leader and must stay there. */
export const isLeaderOnly = ({ context }: Planner, { kind }: Distribution): boolean =>
  kind === 'leader' && context.callsHost();

export interface Planner {
  readonly context: OptimizerContext;
  readonly profiles: Map<ColId, ColumnProfile>;
  readonly equal: ColumnClasses;
  /** Names of scanned tables that were never analysed. */
  readonly missingStatistics: Set<string>;
  /** Scans of a DELETE or UPDATE target and everything above them: these rows must stay where they are. */
  readonly pinned: WeakSet<PlanNode>;
  /** What recursive members read, by the recursion. */
  readonly working: Map<ColId, { readonly rows: number; readonly distribution: Distribution }>;
  /** Rows that are others in each round of a recursion: whatever they are joined with is kept, where that is possible. */
  readonly changing: WeakSet<PlanNode>;
  /**
   * Plans a relation. `needed` are the columns used above; the result has at least those. `top` is true on the path
   * from the statement's result down to where row order and the leader no longer matter. A step per relation, and more
   * where the order of joins is searched.
   */
  plan(rel: Rel, needed: Needed, top: boolean): Steps<PlanNode>;
}
