/**
 * Logical relations: the analyser's output, the rewriter's and optimizer's input. Every column has a ColId that is
 * unique in the statement, so expressions move between nodes without renumbering.
 */
import type { ColId, TableId } from '../common/ids.ts';
import type { PackedRows } from '../types/packed-rows.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { BoundAggregate, BoundExpr, BoundWindow } from './bound.ts';

export interface ColumnRef {
  readonly id: ColId;
  readonly name: string;
  readonly type: SqlType;
  /** For RowDescription and EXPLAIN: the table column this is a plain copy of. */
  readonly origin?: { readonly tableId: TableId; readonly attnum: number; readonly alias: string };
  /** The user may not read it; the relation that the refusal names. Only where names are resolved. */
  readonly denied?: string;
}

export type JoinType =
  | 'inner'
  | 'left'
  | 'right'
  | 'full'
  | 'cross'
  | 'semi'
  | 'anti'
  /** NOT IN: no row passes when the inner side holds a NULL key or (the outer key is NULL and inner is not empty). */
  | 'anti-null-aware';

export interface SortKey {
  readonly expr: BoundExpr;
  readonly descending: boolean;
  /** Redshift: NULLS LAST for ASC, NULLS FIRST for DESC unless said otherwise; always resolved here. */
  readonly nullsFirst: boolean;
}

/** A barrier around what policies let a user see of a relation: nothing that could fail moves through it. */
export interface Secure {
  readonly relation: TableId;
  /** Rows are filtered; otherwise columns alone are masked. */
  readonly rows: boolean;
  /** Names of the policies that filter. */
  readonly policies: readonly string[];
}

export type Rel =
  /** A user table. `columns` lists the columns in use; attnum from 1. */
  | {
      readonly kind: 'get';
      readonly tableId: TableId;
      readonly alias: string;
      readonly columns: readonly ColumnRef[];
      readonly attnums: readonly number[];
    }
  /** A system view or table function whose rows the leader makes; a column called ORDINALITY numbers them. `name` is the registry name (pg_catalog.pg_class, stl_query, generate_series). */
  | {
      readonly kind: 'virtual';
      readonly name: string;
      readonly alias: string;
      readonly columns: readonly ColumnRef[];
      readonly args: readonly BoundExpr[];
    }
  /** Constant rows (VALUES of INSERT, or one empty row for SELECT without FROM). */
  | {
      readonly kind: 'values';
      readonly columns: readonly ColumnRef[];
      readonly rows: readonly (readonly BoundExpr[])[];
      /** A long INSERT's rows as data; `rows` is the first of them then. Identity columns among them are still zero. */
      readonly packed?: PackedRows;
    }
  | { readonly kind: 'filter'; readonly input: Rel; readonly condition: BoundExpr }
  | {
      readonly kind: 'project';
      readonly input: Rel;
      readonly columns: readonly ColumnRef[];
      readonly exprs: readonly BoundExpr[];
    }
  /** `on` undefined for cross; semi and anti keep the left columns only. `alias`: of a derived table, for EXPLAIN. */
  | {
      readonly kind: 'join';
      readonly type: JoinType;
      readonly left: Rel;
      readonly right: Rel;
      readonly on: BoundExpr | undefined;
      /** semi: changes no answer, and is worth it only where it drops most of the rows (rewriter/restrict-groups.ts). */
      readonly optional?: boolean;
    }
  /** groups define new ColIds. Without groups: exactly one row. `distinct`: the groups are the rows of a DISTINCT or UNION. */
  | {
      readonly kind: 'aggregate';
      readonly input: Rel;
      readonly distinct?: true;
      readonly groups: readonly { readonly column: ColumnRef; readonly expr: BoundExpr }[];
      readonly aggregates: readonly (BoundAggregate & { readonly columnName: string })[];
    }
  /** The input's rows, each with what window functions over it give; all calls share the partitions and an order. */
  | {
      readonly kind: 'window';
      readonly input: Rel;
      readonly partition: readonly BoundExpr[];
      readonly order: readonly SortKey[];
      readonly calls: readonly BoundWindow[];
    }
  /**
   * Each row `count` times, numbered from 0 by `number`. For grouping sets it stands right below the aggregate whose groups
   * are `number`, the set's, and the keys: a key is its expression in the sets that have it and NULL in the others. The sets of `empty`
   * have their group even when there is no row.
   */
  | {
      readonly kind: 'expand';
      readonly input: Rel;
      readonly number: ColumnRef;
      readonly keys: readonly {
        readonly column: ColumnRef;
        readonly expr: BoundExpr;
        readonly sets: readonly number[];
      }[];
      readonly count: number;
      readonly empty: readonly number[];
    }
  | { readonly kind: 'distinct'; readonly input: Rel }
  | { readonly kind: 'sort'; readonly input: Rel; readonly keys: readonly SortKey[] }
  /** limit/offset are const or param of int8; undefined limit = all. */
  | {
      readonly kind: 'limit';
      readonly input: Rel;
      readonly limit: BoundExpr | undefined;
      readonly offset: BoundExpr | undefined;
    }
  /** Columns matched by position, types already equal; output columns are new ids. */
  | {
      readonly kind: 'setop';
      readonly op: 'union' | 'intersect' | 'except';
      readonly all: boolean;
      readonly left: Rel;
      readonly right: Rel;
      readonly columns: readonly ColumnRef[];
    }
  /** Derived table, view or CTE reference: a name for EXPLAIN; columns are those of input (possibly renamed). */
  | { readonly kind: 'subquery'; readonly input: Rel; readonly alias: string; readonly secure?: Secure }
  /**
   * Every row of the input as often as `count` says (int4, NULL is none), numbered from 0 by `ordinal`; with `outer` a row
   * without any comes once, its number NULL. `on`, of an outer one only: a condition over the row and the number, which those
   * numbers that it does not hold for do not come with.
   */
  | {
      readonly kind: 'unnest';
      readonly input: Rel;
      readonly count: BoundExpr;
      readonly outer: boolean;
      readonly on?: BoundExpr;
      readonly ordinal: ColumnRef;
    }
  /**
   * WITH RECURSIVE: the rows of `seed`, those that `step` makes of them, those it makes of these, until it makes none; columns
   * matched by position. What `step` makes rows of stands in it as `working`.
   */
  | {
      readonly kind: 'recursive';
      readonly recursion: ColId;
      readonly name: string;
      readonly seed: Rel;
      readonly step: Rel;
      readonly columns: readonly ColumnRef[];
    }
  | {
      readonly kind: 'working';
      readonly recursion: ColId;
      readonly alias: string;
      readonly columns: readonly ColumnRef[];
    }
  /** Raises 21000 when input gives more than one row (a scalar subquery). */
  | { readonly kind: 'single-row'; readonly input: Rel };

/** What the analyser returns. Only statements with a plan; DDL and utility statements run straight from their AST. */
export type BoundStatement =
  | { readonly kind: 'select'; readonly rel: Rel; readonly columns: readonly ColumnRef[] }
  /** rel's columns match `attnums` one to one, cast (mode assignment) to the table's types; missing columns got their defaults. */
  | {
      readonly kind: 'insert';
      readonly tableId: TableId;
      readonly rel: Rel;
      readonly columns: readonly ColumnRef[];
    }
  /**
   * rel yields the target's rows to change: `rowId` is the hidden row address column of the target, `columns` the
   * complete new row in table order (all attnums).
   */
  | {
      readonly kind: 'update';
      readonly tableId: TableId;
      readonly rel: Rel;
      readonly rowId: ColId;
      readonly columns: readonly ColumnRef[];
    }
  | { readonly kind: 'delete'; readonly tableId: TableId; readonly rel: Rel; readonly rowId: ColId };

/** Attnum of the hidden row address column that a `get` lists for UPDATE and DELETE targets (int8). */
export const ROW_ADDRESS_ATTNUM = -1;
/** Name of the column of a `virtual` that numbers its rows from 1 (WITH ORDINALITY): no column of its own has it. */
export const ORDINALITY = '(ordinality)';

/** Whether a relation's rows are copies for the grouping sets of the aggregate above it. */
export const isGroupingSets = (rel: Rel): rel is Extract<Rel, { kind: 'expand' }> =>
  rel.kind === 'expand' && rel.keys.length + rel.empty.length > 0;

/** Output columns of a relation, in order. */
export function columnsOf(rel: Rel): readonly ColumnRef[] {
  switch (rel.kind) {
    case 'get':
    case 'virtual':
    case 'values':
    case 'project':
    case 'setop':
    case 'recursive':
    case 'working':
      return rel.columns;
    case 'filter':
    case 'distinct':
    case 'sort':
    case 'limit':
    case 'subquery':
    case 'single-row':
      return columnsOf(rel.input);
    case 'unnest':
      return [...columnsOf(rel.input), rel.ordinal];
    case 'join':
      return rel.type === 'semi' || rel.type === 'anti' || rel.type === 'anti-null-aware'
        ? columnsOf(rel.left)
        : columnsOfJoin(rel);
    case 'window':
      return [...columnsOf(rel.input), ...rel.calls.map((c) => ({ id: c.id, name: c.columnName, type: c.type }))];
    case 'expand':
      return [...columnsOf(rel.input), rel.number, ...rel.keys.map((k) => k.column)];
    case 'aggregate':
      return [
        ...rel.groups.map((g) => g.column),
        ...rel.aggregates.map((a) => ({ id: a.id, name: a.columnName, type: a.type })),
      ];
  }
}

/** Of joins, which stand one in the other: each looks at its own inputs only. */
const joined = new WeakMap<Rel, readonly ColumnRef[]>();
function columnsOfJoin(rel: Extract<Rel, { kind: 'join' }>): readonly ColumnRef[] {
  let columns = joined.get(rel);
  if (columns === undefined) {
    columns = [...columnsOf(rel.left), ...columnsOf(rel.right)];
    joined.set(rel, columns);
  }
  return columns;
}
