/**
 * Bound expressions: what the analyser makes of an AST expression. Every node has a type, every name is resolved to a
 * ColId, every implicit cast is an explicit `cast` node. Values only: printable, comparable, JSON-able (bigint as
 * tagged string when serialised). After the analyser no name is looked up again.
 */
import type { ColId } from '../common/ids.ts';
import type { TypedWindowPart } from '../functions/define.ts';
import type { PackedList } from '../types/packed-list.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Rel } from './relation.ts';

/** Literal values by physical form: i32/f32/f64 number, i64/i128 bigint, str string, interval see IntervalValue. */
export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}
export type ConstValue = null | number | bigint | string | IntervalValue;

export type CompareOp = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type ArithOp = '+' | '-' | '*' | '/' | '%';

/** The site of calls that must stay where they stand and are evaluated nowhere else. */
export const PINNED_SITE = 0;

export type BoundExpr =
  /** `cast`: what a cast made of a literal. A cast that stands around it sees a value, as it would see a column. */
  | { readonly kind: 'const'; readonly type: SqlType; readonly value: ConstValue; readonly cast?: true }
  /** $n of a prepared statement; index from 0. Supplied at run time. */
  | { readonly kind: 'param'; readonly type: SqlType; readonly index: number }
  | { readonly kind: 'column'; readonly type: SqlType; readonly id: ColId }
  /** Column of an enclosing query; only between analyser and rewriter. depth 1 = the query right outside. */
  | { readonly kind: 'outer'; readonly type: SqlType; readonly id: ColId; readonly depth: number }
  /** AND/OR over two or more booleans, three-valued. */
  | { readonly kind: 'and' | 'or'; readonly type: SqlType; readonly args: readonly BoundExpr[] }
  | { readonly kind: 'not'; readonly type: SqlType; readonly arg: BoundExpr }
  | { readonly kind: 'isnull'; readonly type: SqlType; readonly arg: BoundExpr; readonly negated: boolean }
  /** IS [NOT] TRUE / FALSE / UNKNOWN on a boolean. */
  | {
      readonly kind: 'istest';
      readonly type: SqlType;
      readonly arg: BoundExpr;
      readonly test: 'true' | 'false' | 'unknown';
      readonly negated: boolean;
    }
  /** Both sides already have the same type family (casts inserted): bool, integers of one width, numeric of ONE scale, floats, strings, datetimes. */
  | {
      readonly kind: 'compare';
      readonly type: SqlType;
      readonly op: CompareOp;
      readonly left: BoundExpr;
      readonly right: BoundExpr;
    }
  /**
   * Integers: both sides and result of the same type. numeric: operands keep their own (p,s), result type by
   * Redshift's rules. floats: all float8. date/timestamp arithmetic is a `call` (date_add_days ...), never arith.
   */
  | {
      readonly kind: 'arith';
      readonly type: SqlType;
      readonly op: ArithOp;
      readonly left: BoundExpr;
      readonly right: BoundExpr;
    }
  | { readonly kind: 'neg'; readonly type: SqlType; readonly arg: BoundExpr }
  /** Searched CASE; a simple CASE was turned into comparisons. All results and `otherwise` have `type`. */
  | {
      readonly kind: 'case';
      readonly type: SqlType;
      readonly whens: readonly { readonly when: BoundExpr; readonly then: BoundExpr }[];
      readonly otherwise: BoundExpr;
    }
  | { readonly kind: 'coalesce'; readonly type: SqlType; readonly args: readonly BoundExpr[] }
  /**
   * arg IN (constants...) with all items const or param of arg's type; NULL semantics of IN. In a normalised segment a
   * long list has no items: they are data, number `list` of the segment (steps/normalise.ts).
   */
  | {
      readonly kind: 'inlist';
      readonly type: SqlType;
      readonly arg: BoundExpr;
      /** The constants of a very long list are data from the analyser on. */
      readonly items: readonly BoundExpr[] | PackedList;
      readonly negated: boolean;
      readonly list?: number;
    }
  /**
   * AND, OR or CASE over many arms that differ in their values only, in a normalised segment (steps/normalise.ts): row
   * `i` of value table `table` holds what the `item`s of `when` and `then` are in arm `i`.
   */
  | {
      readonly kind: 'arms';
      readonly type: SqlType;
      readonly op: 'and' | 'or' | 'case';
      readonly table: number;
      readonly columns: number;
      readonly when: BoundExpr;
      /** CASE only. */
      readonly then?: BoundExpr;
      readonly otherwise?: BoundExpr;
    }
  | {
      readonly kind: 'item';
      readonly type: SqlType;
      readonly table: number;
      readonly index: number;
      readonly nullable: boolean;
    }
  /** A conversion; `explicit` truncates strings silently, implicit/assignment raises 22001. */
  | {
      readonly kind: 'cast';
      readonly type: SqlType;
      readonly arg: BoundExpr;
      readonly mode: 'explicit' | 'implicit' | 'assignment';
      /** NUMERIC to fewer decimals: round, do not cut (literals; everything under enable_numeric_rounding). */
      readonly rounds?: boolean;
    }
  /** TRY_CAST: an explicit cast that gives NULL for a value it would refuse. What its argument refuses is an error. */
  | { readonly kind: 'trycast'; readonly type: SqlType; readonly arg: BoundExpr; readonly rounds?: boolean }
  /**
   * A function of users, written out: `args` are computed once for a row, and `body` names them as locals of these ids.
   * Equal lets of a statement have equal ids, no two others do. `name` is the function's.
   */
  | {
      readonly kind: 'let';
      readonly type: SqlType;
      readonly name: string;
      readonly ids: readonly ColId[];
      readonly args: readonly BoundExpr[];
      readonly body: BoundExpr;
    }
  | { readonly kind: 'local'; readonly type: SqlType; readonly id: ColId }
  /** A function from src/functions; `name` is the registry's name and `signature` the index of the chosen signature. */
  | {
      readonly kind: 'call';
      readonly type: SqlType;
      readonly name: string;
      readonly signature: number;
      readonly args: readonly BoundExpr[];
      /**
       * A volatile function's call: one number for one place of the statement. Calls of one site are one evaluation per
       * row, calls of two sites are two, whatever their text. No rewrite may move, drop or double a call with a site;
       * PINNED_SITE marks a check that is no value of its own.
       */
      readonly site?: number;
    }
  /**
   * Only between analyser and rewriter. `exists`: boolean; `scalar`: the column at `index`, else the first (nodes of one
   * relation are one subquery); `in`: left IN (rel), boolean.
   */
  | {
      readonly kind: 'subquery';
      readonly type: SqlType;
      readonly form: 'exists' | 'scalar' | 'in' | 'array';
      readonly negated: boolean;
      readonly left: readonly BoundExpr[];
      readonly rel: Rel;
      readonly index?: number;
    };

/** Decimals that a cast of a NUMERIC has no room for: cut off, but an assignment (INSERT, UPDATE) rounds them. */
export const roundsScale = (e: Extract<BoundExpr, { kind: 'cast' }>): boolean =>
  e.rounds === true || e.mode === 'assignment';

/** A SQL aggregate call as the analyser saw it, e.g. avg(distinct x). */
export interface BoundAggregate {
  readonly id: ColId;
  readonly type: SqlType;
  /** Registry name in src/functions/aggregate. */
  readonly name: string;
  readonly args: readonly BoundExpr[];
  readonly distinct: boolean;
  /** WITHIN GROUP (ORDER BY ...): how rows are ordered by the last so many of `args`. */
  readonly order?: readonly SortDirection[];
}
export interface SortDirection {
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}
/** What the function itself takes, without what its rows are ordered by. */
export const ownArgs = ({ args, order }: Pick<BoundAggregate, 'args' | 'order'>): readonly BoundExpr[] =>
  order === undefined ? args : args.slice(0, args.length - order.length);

/** Bounds of a ROWS frame around the current row. */
export type FrameBound =
  { readonly kind: 'unbounded' | 'current' } | { readonly kind: 'preceding' | 'following'; readonly rows: BoundExpr };
export interface WindowFrame {
  readonly start: FrameBound;
  readonly end: FrameBound;
}
/** One part of a window function over the window of its relation. */
export type BoundWindow = TypedWindowPart & {
  readonly id: ColId;
  readonly columnName: string;
  /** Of aggregates and of values that look at a frame. */
  readonly frame?: WindowFrame;
  /** So many of the window's ORDER BY keys are its own: rows that agree in them are peers. */
  readonly orderLength: number;
};
