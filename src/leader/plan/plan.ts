/**
 * The physical plan: a tree of values with costs, estimated rows and the distribution of every node. EXPLAIN prints it
 * (explain.ts); the compiler cuts it into streams, segments and steps. Nothing here mentions WebAssembly.
 */
import type { ColId, TableId } from '../../common/ids.ts';
import type { BoundAggregate, BoundExpr, BoundWindow } from '../../expressions/bound.ts';
import type { ColumnRef, JoinType, SortKey, Secure } from '../../expressions/relation.ts';
import type { PrimitiveAggregate } from '../../functions/define.ts';
import type { PackedRows } from '../../types/packed-rows.ts';
import type { SqlType } from '../../types/sql-type.ts';

/** Where the rows of a node are. */
export type Distribution =
  /** Spread over all slices, no rule known. */
  | { readonly kind: 'even' }
  /** Rows with equal `keys` (in order) are on one slice: hash(keys) picks it. */
  | { readonly kind: 'key'; readonly keys: readonly ColId[] }
  /** Every slice can read every row (DISTSTYLE ALL, broadcast). */
  | { readonly kind: 'all' }
  /** All rows on the first slice. */
  | { readonly kind: 'single' }
  /** On the leader. */
  | { readonly kind: 'leader' };

export type Movement =
  | 'DS_DIST_NONE'
  | 'DS_DIST_ALL_NONE'
  | 'DS_DIST_INNER'
  | 'DS_DIST_OUTER'
  | 'DS_DIST_BOTH'
  | 'DS_DIST_ALL_INNER'
  | 'DS_BCAST_INNER';

interface PlanBase {
  readonly columns: readonly ColumnRef[];
  /** Estimated rows and average row width in bytes. */
  readonly rows: number;
  readonly width: number;
  readonly startupCost: number;
  readonly totalCost: number;
  readonly distribution: Distribution;
}

/** Zone-map test: column <op> constant, usable to skip row groups. Value is const or param of the column's type. */
export interface RangePredicate {
  readonly attnum: number;
  readonly op: '=' | '<' | '<=' | '>' | '>=';
  readonly value: BoundExpr;
}

export interface PlanAggregate {
  readonly id: ColId;
  readonly prim: PrimitiveAggregate;
  readonly arg: BoundExpr | undefined;
  readonly type: SqlType;
  /** Only rows whose `arg` was not seen before in its group count (complete phase only). */
  readonly distinct: boolean;
}

export type PlanNode = PlanBase &
  (
    | {
        readonly kind: 'scan';
        readonly tableId: TableId;
        readonly tableName: string;
        readonly alias: string;
        readonly attnums: readonly number[];
        readonly filter: readonly BoundExpr[];
        readonly ranges: readonly RangePredicate[];
        /** An ALL table whose rows must be counted once: only the first slice reads it (distribution single). */
        readonly readOnce?: boolean;
        /** An ALL table that is the target of DELETE or UPDATE: the owner slice of every node reads its node's copy. */
        readonly allOwners?: boolean;
      }
    /** System view or table function: rows made on the leader. Distribution leader. */
    | {
        readonly kind: 'virtual-scan';
        readonly name: string;
        readonly alias: string;
        readonly args: readonly BoundExpr[];
        readonly filter: readonly BoundExpr[];
      }
    /** `packed`: a long INSERT's rows as data, of which `exprs` is the first. */
    | { readonly kind: 'values'; readonly exprs: readonly (readonly BoundExpr[])[]; readonly packed?: PackedRows }
    | { readonly kind: 'filter'; readonly input: PlanNode; readonly condition: readonly BoundExpr[] }
    | { readonly kind: 'project'; readonly input: PlanNode; readonly exprs: readonly BoundExpr[] }
    /** A named derived table, view or CTE: prints as Subquery Scan, costs nothing. */
    | { readonly kind: 'subquery-scan'; readonly input: PlanNode; readonly alias: string; readonly secure?: Secure }
    /**
     * Build on `inner`, probe with `outer`. keys[i] compares outer with inner expression of one type. `residual` are
     * further conditions on matched pairs. Movement nodes (`exchange`) are already in place as children; `movement`
     * is their name. right joins have been turned into left joins unless inner must be the preserved side.
     */
    | {
        readonly kind: 'hash-join';
        readonly joinType: Exclude<JoinType, 'cross'>;
        readonly outer: PlanNode;
        readonly inner: PlanNode;
        readonly keys: readonly { readonly outer: BoundExpr; readonly inner: BoundExpr }[];
        readonly residual: readonly BoundExpr[];
        readonly movement: Movement;
      }
    /**
     * Both sides are scans of tables that lie in the order of `key`, by which their rows are placed: the outer rows stream
     * past the inner ones. `ordered` are the columns' numbers in their tables.
     */
    | {
        readonly kind: 'merge-join';
        readonly joinType: 'inner' | 'left' | 'semi' | 'anti';
        readonly outer: PlanNode;
        readonly inner: PlanNode;
        readonly key: { readonly outer: BoundExpr; readonly inner: BoundExpr };
        readonly ordered: { readonly outer: number; readonly inner: number };
        readonly residual: readonly BoundExpr[];
        readonly movement: Movement;
      }
    | {
        readonly kind: 'nested-loop';
        readonly joinType: 'inner' | 'left' | 'semi' | 'anti' | 'anti-null-aware';
        readonly outer: PlanNode;
        readonly inner: PlanNode;
        readonly condition: readonly BoundExpr[];
        readonly movement: Movement;
        readonly singleRowInner: boolean;
      }
    /**
     * Rows move: hash = dist step on keys, broadcast = bcast step, single = all to the first slice, even = round robin,
     * leader = gather on the leader. From the leader to the slices the same node is used (input distribution leader).
     */
    | {
        readonly kind: 'exchange';
        readonly input: PlanNode;
        readonly mode: 'hash' | 'broadcast' | 'single' | 'even' | 'leader';
        readonly keys: readonly BoundExpr[];
      }
    /**
     * partial: per slice, output = groups and one column per primitive; final: merges partial columns; complete: both
     * at once (input already co-located by group). Output columns: groups then aggregates.
     */
    | {
        readonly kind: 'aggregate';
        readonly input: PlanNode;
        readonly phase: 'partial' | 'final' | 'complete';
        readonly groups: readonly { readonly id: ColId; readonly expr: BoundExpr }[];
        readonly aggregates: readonly PlanAggregate[];
        /** `sorted`: the input is in order of the groups. */
        readonly strategy: 'plain' | 'hash' | 'sorted';
        /** The SQL aggregates that the primitives serve, by the ColIds the projection above gives them (EXPLAIN). */
        readonly calls?: readonly BoundAggregate[];
        /** Groups of a DISTINCT or UNION: EXPLAIN and the step say Unique. */
        readonly unique?: true;
      }
    /** Rows as often as `count` says, numbered. */
    | {
        readonly kind: 'unnest';
        readonly input: PlanNode;
        readonly count: BoundExpr;
        readonly outer: boolean;
        readonly on?: BoundExpr;
        readonly ordinal: ColumnRef;
      }
    /** Rows in the order of partition and order keys, each with what the calls give it; a partition is whole where it is. */
    | {
        readonly kind: 'window';
        readonly input: PlanNode;
        readonly partition: readonly BoundExpr[];
        readonly order: readonly SortKey[];
        readonly calls: readonly BoundWindow[];
        /** Total cost of the sort below. */
        readonly sortedCost: number;
      }
    /** Every row `count` times, numbered from 0 in `number`, the last column (GROUPING SETS). */
    | { readonly kind: 'expand'; readonly input: PlanNode; readonly number: ColumnRef; readonly count: number }
    /** Per-slice sort; with `limit` a top-N (limit already includes offset). The merge happens in the parent 'merge'. */
    | {
        readonly kind: 'sort';
        readonly input: PlanNode;
        readonly keys: readonly SortKey[];
        readonly limit?: BoundExpr;
      }
    /** Sorted streams of all slices merged on the leader, in order. Distribution leader. Only at the top or under a top limit/project-free path. */
    | { readonly kind: 'merge'; readonly input: PlanNode; readonly keys: readonly SortKey[] }
    | {
        readonly kind: 'limit';
        readonly input: PlanNode;
        readonly limit: BoundExpr | undefined;
        readonly offset: BoundExpr | undefined;
      }
    /**
     * WITH RECURSIVE: `seed`, then `step` over the rows of the round before (`working-scan` of the same number) until it gives none.
     * Columns of both match `columns` by position. On the leader, or on the slices.
     */
    | {
        readonly kind: 'recursive-union';
        readonly recursion: ColId;
        readonly name: string;
        readonly seed: PlanNode;
        readonly step: PlanNode;
      }
    | { readonly kind: 'working-scan'; readonly recursion: ColId; readonly alias: string }
    /** UNION ALL; inputs' columns match `columns` by position. */
    | {
        readonly kind: 'append';
        readonly inputs: readonly PlanNode[];
        /** The last input stands for groups of no rows, which nobody wrote: EXPLAIN passes it by. */
        readonly emptyGroups?: true;
      }
  );

/** A whole statement. `root` of a select has distribution leader or needs a plain gather of its slices' rows. */
export type Plan =
  | {
      readonly kind: 'select';
      readonly root: PlanNode;
      readonly columns: readonly ColumnRef[];
      readonly notes: readonly string[];
    }
  /** `root` is already distributed as the table wants it (exchange on top where needed). */
  | {
      readonly kind: 'insert';
      readonly tableId: TableId;
      readonly root: PlanNode;
      readonly columns: readonly ColumnRef[];
      readonly notes: readonly string[];
      /** ALL target: every slice is sent every row; only the owner slice of each node writes them. */
      readonly allOwners: boolean;
    }
  /** Rows of `root` still stand on the slice that owns the target row. */
  | {
      readonly kind: 'delete';
      readonly tableId: TableId;
      readonly root: PlanNode;
      readonly rowId: ColId;
      readonly notes: readonly string[];
    }
  /** Deletes by rowId, then `columns` (whole new rows) are inserted, moved by the distkey when it may have changed. */
  | {
      readonly kind: 'update';
      readonly tableId: TableId;
      readonly root: PlanNode;
      readonly rowId: ColId;
      readonly columns: readonly ColumnRef[];
      /** The distribution key, where it may get another value: the new rows go to its slice. */
      readonly newKey: ColumnRef | undefined;
      readonly notes: readonly string[];
    };

/** The nodes a node reads, outer side first. */
export function inputsOf(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case 'scan':
    case 'virtual-scan':
    case 'values':
    case 'working-scan':
      return [];
    case 'recursive-union':
      return [node.seed, node.step];
    case 'hash-join':
    case 'merge-join':
    case 'nested-loop':
      return [node.outer, node.inner];
    case 'append':
      return node.inputs;
    default:
      return [node.input];
  }
}
