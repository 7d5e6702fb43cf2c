/**
 * Segments as values: what the leader's compiler hands to code generation and sends to the nodes. A node needs nothing
 * but this; it never reads the catalog. A segment is a source, transforms and a sink; each is a Redshift step.
 *
 * Segments of one slice talk through STORES (row collections in node memory: hash tables, group tables, sorted rows)
 * and EDGES (exchange between slices). `dependsOn` names the segments of the same slice that must have ended first.
 */
import type { ColId, TableId } from '../common/ids.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import type { JoinType, SortKey } from '../expressions/relation.ts';
import type { PrimitiveAggregate } from '../functions/define.ts';
import type { RangeSpec } from './range.ts';
import type { StorageTable } from '../slices/storage.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';

export type StoreId = number;
export type EdgeId = number;

export interface RowField {
  readonly id: ColId;
  readonly type: SqlType;
  readonly nullable: boolean;
}
/** Rows as tuples: fields and where they lie. */
export interface RowShape {
  readonly fields: readonly RowField[];
  readonly layout: TupleLayout;
}

export type SourceSpec =
  | {
      readonly kind: 'scan';
      readonly table: StorageTable;
      readonly columns: readonly {
        readonly id: ColId;
        readonly attnum: number;
        readonly type: SqlType;
        readonly nullable: boolean;
      }[];
      readonly ranges: readonly RangeSpec[];
      /** own: the slice's rows; node: the node's ALL copy; first: ALL copy read on slice 0 only; owners: ALL copy on each node's owner slice. */
      readonly read: 'own' | 'node' | 'first' | 'owners';
      readonly label: string;
    }
  | { readonly kind: 'worktable'; readonly store: StoreId; readonly shape: RowShape; readonly label: string }
  | { readonly kind: 'receive'; readonly edge: EdgeId; readonly shape: RowShape }
  /** Rows the host hands in (values, system views): locus leader only. `rows` is the host's key for them. */
  | { readonly kind: 'rows'; readonly rows: number; readonly shape: RowShape; readonly label: string }
  /** COPY: records of files; every column but an identity one is a field, in this order. */
  | {
      readonly kind: 'parse';
      readonly load: number;
      readonly columns: readonly {
        readonly id: ColId;
        readonly attnum: number;
        readonly type: SqlType;
        readonly nullable: boolean;
        readonly identity: boolean;
      }[];
      readonly conversion: {
        readonly acceptAnyDate: boolean;
        readonly roundDec: boolean;
        readonly truncateColumns: boolean;
      };
      readonly label: string;
    };

export type TransformSpec =
  | { readonly kind: 'filter'; readonly conditions: readonly BoundExpr[] }
  | {
      readonly kind: 'project';
      readonly columns: readonly { readonly id: ColId; readonly expr: BoundExpr }[];
    }
  /**
   * Values of volatile expressions, made once per row and kept beside it. `content`: the row comes from one of several
   * copies, and its random numbers follow from what it holds, so that every copy makes the same ones.
   */
  | {
      readonly kind: 'evaluate';
      readonly columns: readonly { readonly id: ColId; readonly expr: BoundExpr; readonly nullable: boolean }[];
      readonly content: readonly BoundExpr[] | undefined;
    }
  | {
      readonly kind: 'hjoin';
      readonly store: StoreId;
      readonly joinType: Exclude<JoinType, 'cross'>;
      readonly shape: RowShape;
      readonly outerKeys: readonly BoundExpr[];
      readonly innerKeys: readonly BoundExpr[];
      readonly residual: readonly BoundExpr[];
      /** right and full: fields of the probe side that later steps read, held as a tuple when unmatched rows follow. */
      readonly label: string;
    }
  | {
      readonly kind: 'nloop';
      readonly store: StoreId;
      readonly joinType: 'inner' | 'left' | 'semi' | 'anti' | 'anti-null-aware';
      readonly shape: RowShape;
      readonly condition: readonly BoundExpr[];
      readonly label: string;
    }
  | { readonly kind: 'limit'; readonly limit: BoundExpr | undefined; readonly offset: BoundExpr | undefined }
  /** Marks the rows deleted and passes them on. `singleMatch`: a row that a join met twice is an error. */
  | {
      readonly kind: 'delete';
      readonly table: StorageTable;
      readonly rowId: ColId;
      readonly label: string;
      readonly singleMatch?: boolean;
    };

export interface AggregateSpec {
  readonly id: ColId;
  readonly prim: PrimitiveAggregate;
  readonly arg: BoundExpr | undefined;
  readonly type: SqlType;
  readonly distinct: boolean;
}

export type SinkSpec =
  | {
      readonly kind: 'hash';
      readonly store: StoreId;
      readonly keys: readonly BoundExpr[];
      readonly shape: RowShape;
      readonly singleRow: boolean;
      readonly keepNullKeys: boolean;
      readonly label: string;
    }
  | {
      readonly kind: 'aggr';
      readonly store: StoreId;
      /** Rows are on the first slice only: the others make no empty group. */ readonly single: boolean;
      readonly phase: 'partial' | 'final' | 'complete';
      readonly groups: readonly { readonly id: ColId; readonly expr: BoundExpr }[];
      readonly aggregates: readonly AggregateSpec[];
      readonly shape: RowShape;
      readonly label: string;
    }
  /** The tuple's last field (id SORT_KEY_ID) is the order-preserving key string. */
  | {
      readonly kind: 'sort';
      readonly store: StoreId;
      readonly keys: readonly SortKey[];
      readonly limit: BoundExpr | undefined;
      readonly shape: RowShape;
      readonly label: string;
    }
  | { readonly kind: 'save'; readonly store: StoreId; readonly shape: RowShape; readonly label: string }
  | {
      readonly kind: 'dist';
      readonly edge: EdgeId;
      readonly mode: 'hash' | 'broadcast' | 'single' | 'even' | 'leader' | 'owners';
      readonly keys: readonly BoundExpr[];
      readonly shape: RowShape;
    }
  /** DataRow messages; with `ordered` each is preceded by its sort key (SORT_KEY_ID of the source). */
  | {
      readonly kind: 'return';
      readonly edge: EdgeId;
      readonly columns: readonly { readonly expr: BoundExpr; readonly type: SqlType; readonly format: 0 | 1 }[];
      readonly ordered: boolean;
      /** False: another segment of the same slice returns more rows on this edge afterwards (branches of a UNION ALL). */
      readonly last: boolean;
    }
  | {
      readonly kind: 'insert';
      readonly table: StorageTable;
      readonly columns: readonly {
        readonly attnum: number;
        readonly expr: BoundExpr;
        readonly type: SqlType;
        readonly notNull: boolean;
        readonly name: string;
      }[];
      readonly owners: boolean;
      readonly sorted: boolean;
      readonly label: string;
      /** The rows are not stored: encodings bid on them (COMPUPDATE). */ readonly sample?: boolean;
    }
  | {
      readonly kind: 'unload';
      readonly unload: number;
      readonly columns: readonly { readonly expr: BoundExpr; readonly type: SqlType }[];
      readonly edge: EdgeId;
      /** Lines for the leader: each as 'D', u32 (big-endian, with itself) length, text. Else each participant writes its own objects. */ readonly framed: boolean;
      readonly ordered: boolean;
      readonly format: UnloadFormat;
    }
  /** Counts rows, keeps nothing (the end of a DELETE). */
  | { readonly kind: 'discard' };

/** How UNLOAD writes a line; the delimiter is one ASCII byte. */
export interface UnloadFormat {
  readonly csv: boolean;
  readonly delimiter: number;
  readonly addQuotes: boolean;
  readonly escape: boolean;
  readonly nullAs: BoundExpr;
}

export interface SegmentSpec {
  readonly segment: number;
  readonly stream: number;
  readonly locus: 'compute' | 'leader';
  readonly source: SourceSpec;
  readonly transforms: readonly TransformSpec[];
  readonly sink: SinkSpec;
  readonly dependsOn: readonly number[];
}

/** ColId of the sort key string in sorted tuples. */
export const SORT_KEY_ID = 0x7fff0001;

/**
 * Ids of the fields behind a group tuple's aggregates: one per string key, the key's first bytes packed into an i64 (see
 * tuple-code.ts). Fields of a tuple only, never columns of a plan.
 */
export const PACKED_KEY_ID = 0x7ffe0000;

/** An exchange edge: who sends, who receives. 'slices' = every slice, 'leader' = the leader. */
export interface EdgeSpec {
  readonly edge: EdgeId;
  readonly from: 'slices' | 'leader';
  readonly to: 'slices' | 'leader';
  /** dist, bcast or return, for counters. */
  readonly step: 'dist' | 'bcast' | 'return';
}

export type { TableId };
