/**
 * The shape of a registry entry for SQL functions and aggregates. One file per function, named as the function; a
 * build step scans the folders and writes one generated registry (`src/functions/registry.generated.ts`).
 *
 * A scalar function has exactly one implementation:
 *   kernel  the name of an export of the AssemblyScript kernels (src/wasm/runtime). ABI: one parameter per argument
 *           by physical form (i32, i64, f32, f64, str = i64 ptr|len<<32, i128 = two i64 low, high), preceded by
 *           ctx: i32 (see wasm/memory-map.ts). Returns the physical form; i128 returns the low word and stores the
 *           high word at ctx+RET_HI. A kernel that can return NULL sets the i32 at ctx+RET_NULL to 1 (`mayReturnNull`).
 *           A kernel that can fail sets ctx+ERROR_CODE (`mayFail`) and the caller checks it after the call.
 *   expand  a bound expression in terms of other functions and operators, made by the analyser.
 *   spatial the name of a function of src/spatial: TypeScript on slices, row by row, which a thread loads at its first call.
 *   host    plain TypeScript, leader only, called row by row with JS values (catalog lookups and the like).
 * `nulls: 'strict'` (default) means any NULL argument gives NULL without a call.
 */
import type { BoundExpr, SortDirection } from '../expressions/bound.ts';
import type { SqlType } from '../types/sql-type.ts';

/** An argument type: a type name, 'any', or a family ('string' = char/varchar/text, 'number', 'integer', 'array'). */
export type ArgType = SqlType['name'] | 'any' | 'string' | 'number' | 'integer' | 'array';
export type JsValue = null | number | bigint | string | boolean;

export interface Signature {
  readonly args: readonly ArgType[];
  /** The last argument may repeat any number of times. */
  readonly variadic?: boolean;
  /** How many trailing arguments may be left out. */
  readonly optional?: number;
  readonly returns: SqlType | ((args: readonly SqlType[]) => SqlType);
  /**
   * Overrides of the function's implementation for this signature. `kernelArgs` fixes the types arguments are cast to
   * before the call when they differ from `args` (families resolve to the actual type).
   */
  readonly kernel?: string;
  /** Overrides `spatial` likewise. */
  readonly spatial?: string;
}

export interface HostContext {
  /** The leader's catalog and session, opaque here; host functions of the leader cast it. */
  readonly leader: unknown;
}

export interface ScalarFunction {
  readonly kind: 'scalar';
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What operators, casts and other functions are made of: no SQL text may call it by name, no catalog lists it. */
  readonly internal?: true;
  readonly runsOn: 'anywhere' | 'leader' | 'compute';
  /**
   * A function of the leader that may stand beside tables: where none of its arguments is of a row it is asked once, before
   * the statement runs. Others are refused there.
   */
  readonly besideTables?: true;
  readonly nulls?: 'strict' | 'custom';
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  readonly doc: string;
  /** Default column label when it differs from the name. */
  readonly label?: string;
  /** Arguments that Redshift has no such function for, although they could be cast to those of a signature. */
  readonly refuses?: (args: readonly SqlType[]) => boolean;
  /** Why a call with these arguments is refused (0A000) although Redshift answers it. */
  readonly unsupported?: (args: readonly SqlType[]) => string | undefined;
  /** Index of the argument that may not come from rows where compute nodes work: a regular expression. */
  readonly literal?: number;
  readonly signatures: readonly Signature[];
  /** [SQL expression, text of the result]; 'NULL' stands for NULL, 'ERROR: text' for an error. At least two. */
  readonly examples: readonly (readonly [string, string])[];
  readonly kernel?: string;
  /** What `expand` gives may have a wider type than the signature says (EXTRACT of the epoch); it is kept. */
  readonly widens?: true;
  readonly expand?: (args: readonly BoundExpr[], type: SqlType, signature: number) => BoundExpr;
  readonly host?: (context: HostContext, args: readonly JsValue[]) => JsValue;
  /** The name of a function of src/spatial. */
  readonly spatial?: string;
  readonly mayFail?: boolean;
  readonly mayReturnNull?: boolean;
  /** It is costly: equal calls of a row are made once. */
  readonly once?: true;
}

/** The primitive accumulators the engine knows; every SQL aggregate is lowered to these. */
export type PrimitiveAggregate =
  | 'count_star' // rows
  | 'count' // rows with a non-null argument
  | 'sum_i64' // i32 or i64 in, i64 out, "bigint out of range" on overflow
  | 'sum_i128' // i32, i64 or i128 in, i128 out
  | 'sum_f64' // f32 or f64 in, f64 out
  | 'sum_super' // SUPER numbers in and out
  | 'min'
  | 'max'
  | 'any' // any phys
  | 'bool_and'
  | 'bool_or'
  | 'bit_and'
  | 'bit_or'
  | 'concat' // strings appended in the order they come
  | 'values' // i32, i64, f32 or f64 in; all of them in the order they come, 8 bytes each, as a string (wasm/runtime/percentile.ts)
  | 'values_merge' // such strings in and out
  | 'approx_distinct' // HyperLogLog, i64 out
  | 'sketch' // any in; the sketch of an HLLSKETCH out, as a string (wasm/runtime/sketch.ts)
  | 'sketch_merge' // such strings in and out
  | 'sketch_combine' // HLLSKETCH in, such strings out
  | 'moments' // any number in; count, mean and spread out, as a string of MOMENTS_BYTES
  | 'moments_merge'; // such strings in and out

export interface PrimitiveCall {
  readonly prim: PrimitiveAggregate;
  readonly arg: BoundExpr | undefined;
  readonly type: SqlType;
}

/** How one SQL aggregate is computed from primitives. */
export interface AggregateLowering {
  /** Over the input rows. */
  readonly partials: readonly PrimitiveCall[];
  /** How partial i of many slices combines: primitive over the partial column. */
  readonly merge: readonly PrimitiveAggregate[];
  /** The result from the combined partials (given as column expressions in the order of `partials`). */
  readonly final: (partials: readonly BoundExpr[]) => BoundExpr;
}

/** Where a row stands among those of its group whose value is not NULL, counted from 1, and how many these are. */
export interface GroupPlace {
  readonly row: BoundExpr;
  readonly rows: BoundExpr;
}

export interface AggregateFunction {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly internal?: true;
  readonly doc: string;
  readonly signatures: readonly Signature[];
  readonly examples: readonly (readonly [string, string])[];
  /**
   * It takes its values in an order: WITHIN GROUP (ORDER BY ...). `required`: by one expression, which is its last argument;
   * `own`: by its argument, without saying so.
   */
  readonly withinGroup?: 'optional' | 'required' | 'own';
  /** The leader node has no such function: it is refused over catalogs alone. */
  readonly runsOn?: 'compute';
  /** The scalar function that a call with two arguments is. */
  readonly pair?: string;
  /** `place` where the function asks for places (withinGroup 'required' and 'own'). */
  readonly lower: (args: readonly BoundExpr[], type: SqlType, place?: GroupPlace) => AggregateLowering;
  /** The same from a list of the group's values, which `order` puts in order; undefined where their type has no such lists. */
  readonly lowerList?: (
    args: readonly BoundExpr[],
    type: SqlType,
    order: SortDirection,
  ) => AggregateLowering | undefined;
  /** With OVER, where it is not made of the same primitives over the frame's rows. */
  readonly lowerWindow?: (args: readonly BoundExpr[], type: SqlType) => WindowLowering;
}

/** A place in its partition, counted from 1: ties of the ORDER BY share a rank; the last two count all rows, and those up to the last peer. */
export type WindowPosition = 'row_number' | 'rank' | 'dense_rank' | 'partition_rows' | 'rows_through_peers';
/**
 * A row of the partition or frame: so many before or behind, the first, the last, the n-th; or where a percentile lies among
 * the partition's values in order, which the offset says in billionths (wasm/runtime/percentile.ts).
 */
export type WindowPlace = 'lag' | 'lead' | 'first' | 'last' | 'nth' | PercentilePlace;
export type PercentilePlace = 'percentile_low' | 'percentile_high' | 'percentile_row';
/** What the window step computes for a row; every window function is made of these. */
export type WindowPart =
  | { readonly kind: 'position'; readonly position: WindowPosition }
  | {
      readonly kind: 'value';
      readonly place: WindowPlace;
      readonly arg: BoundExpr;
      /** Rows away (lag, lead) or from the frame's start (nth). */
      readonly offset?: BoundExpr;
      readonly ignoreNulls: boolean;
    }
  | { readonly kind: 'aggregate'; readonly prim: PrimitiveAggregate; readonly arg: BoundExpr | undefined };
export type TypedWindowPart = WindowPart & { readonly type: SqlType };

export interface WindowLowering {
  readonly parts: readonly TypedWindowPart[];
  /** The result from the parts, given as column expressions. */
  readonly final: (parts: readonly BoundExpr[]) => BoundExpr;
}
/** A function that exists with OVER only; every aggregate is a window function besides. */
export interface WindowFunction {
  readonly kind: 'window';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly internal?: true;
  readonly doc: string;
  readonly signatures: readonly Signature[];
  readonly examples: readonly (readonly [string, string])[];
  /** It looks at a frame, which an ORDER BY then needs. */
  readonly takesFrame: boolean;
  readonly order: 'optional' | 'required' | 'refused';
  /** IGNORE NULLS may be said. */
  readonly takesNulls: boolean;
  readonly lower: (args: readonly BoundExpr[], ignoreNulls: boolean) => WindowLowering;
}

export const scalar = (f: Omit<ScalarFunction, 'kind'>): ScalarFunction => ({ kind: 'scalar', ...f });
export const aggregate = (f: Omit<AggregateFunction, 'kind'>): AggregateFunction => ({ kind: 'aggregate', ...f });
export const windowFunction = (f: Omit<WindowFunction, 'kind'>): WindowFunction => ({ kind: 'window', ...f });
