/**
 * What leader and slices say to each other over MessagePorts. Rows never travel here: they go through the exchange
 * rings. Requests carry an id and get exactly one reply with the same id.
 */
import type { MessagePort } from 'node:worker_threads';
import type { RamFile, RamFileChange } from '../common/disk-ram.ts';
import type { ForcedPaths } from '../common/forced-paths.ts';
import type { QueryId, SliceId, TableId, Xid } from '../common/ids.ts';
import type {
  BlockCounts,
  SliceChange,
  Snapshot,
  StorageTable,
  VacuumOptions,
  VacuumProgress,
  VacuumReport,
  BlockInfo,
  TableStorageInfo,
} from '../slices/storage.ts';
import type { EdgeCount, SeriesBounds } from '../steps/host.ts';
import type { SlotValue } from '../steps/normalise.ts';
import type { SegmentLayout } from '../steps/segment-code.ts';
import type { EdgeSpec, RecursionSpec, SegmentSpec } from '../steps/spec.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';
import type { TimeCounts } from './segment-time.ts';

/** A segment as a participant runs it: the normalised spec, its module's number and this query's literals. */
export interface Fragment {
  readonly spec: SegmentSpec;
  readonly moduleId: number;
  readonly layout: SegmentLayout;
  readonly distinctStores: readonly TupleLayout[];
  readonly hasFast: boolean;
  readonly literals: readonly SlotValue[];
  /** Value lists (types/value-list.ts), in shared memory. */
  readonly lists: readonly Uint8Array[];
  /** Value tables (types/value-table.ts), in shared memory. */
  readonly tables: readonly Uint8Array[];
  /** A part of a segment: transforms of the whole in front of its own, and whether there are parts behind it. */
  readonly part?: { readonly before: number; readonly isLast: boolean };
}
export interface SessionValues {
  readonly nowMicros: bigint;
  readonly statementMicros: bigint;
  /** Where the random streams of a statement that draws start from (64 bits). */
  readonly randomSeed: bigint | undefined;
  readonly floatDigits: number;
  readonly dateStyle: number;
  /** Geometries that are made are kept with their bounding boxes. */
  readonly boxedGeometries: boolean;
  /** Bytes of the longest text that a function may give. */
  readonly stringMax: number;
  /** Zone transition table bytes (memory-map.ts), undefined = UTC. */
  readonly zone: Uint8Array | undefined;
}
/** A COPY's work for one slice. Opaque to everything but compute/load. */
export interface LoadWork {
  readonly load: number;
  readonly options: unknown;
  readonly pieces: readonly unknown[];
}
export interface UnloadWork {
  readonly unload: number;
  readonly options: unknown;
  /** What a columnar writer is told, instead of lines (formats/parquet/parquet-rows.ts). */
  readonly columnar?: unknown;
}
/**
 * Identity values of an INSERT or COPY, a sequence a column: source i of all (segments by slices) counts first + i * step in
 * strides of all sources, up to the last value of the column's type.
 */
export interface IdentitySequence {
  readonly columns: readonly {
    readonly attnum: number;
    readonly first: bigint;
    readonly step: bigint;
    readonly last: bigint;
    /** Number of the error beyond it (RUNTIME_ERRORS). */
    readonly beyond: number;
  }[];
  readonly slices: number;
  readonly segments: readonly number[];
}
/** WITH RECURSIVE on the participants of its locus. */
export interface RecursionStart {
  readonly spec: RecursionSpec;
  /** interconnect/round-tally.ts */
  readonly tally: SharedArrayBuffer;
  /** More rows of its rounds than this, and the query ends (max_recursion_rows). */
  readonly rowsMax: number;
}
export interface QueryStart {
  readonly query: QueryId;
  readonly fragments: readonly Fragment[];
  /** `other`: for the odd rounds of a recursion. */
  readonly edges: readonly {
    readonly spec: EdgeSpec;
    readonly buffer: SharedArrayBuffer;
    readonly other?: SharedArrayBuffer | undefined;
  }[];
  readonly recursions: readonly RecursionStart[];
  readonly parameters: readonly { readonly type: SlotValue['type']; readonly value: SlotValue['value'] }[];
  readonly snapshot: Snapshot;
  readonly xid: Xid;
  readonly statement: number;
  readonly session: SessionValues;
  readonly series: readonly SeriesBounds[];
  readonly loads: readonly LoadWork[];
  readonly unloads: readonly UnloadWork[];
  readonly identity?: IdentitySequence;
  /** Node memory this query may use on one slice, bytes. */
  readonly memoryBytesMax: number;
  /** Its place among all queries, by when they began. */
  readonly order: number;
  /** Part of that memory that the query is sure of, by its slots. */
  readonly memoryShare: number;
}

/** What a step counted on one participant. */
export interface StepCount {
  readonly segment: number;
  readonly step: number;
  readonly rows: number;
  readonly bytes: number;
  readonly packets: number;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** Most memory that the step's breaker took, and what it wrote to the temporary disk. */
  readonly memoryBytes: number;
  readonly spilledBytes: number;
  /** Sources only: the whole segment's. */
  readonly time?: TimeCounts;
  /** Senders and receivers: one per participant at the other end. */
  readonly edges?: readonly EdgeCount[];
  readonly scan?: {
    /** As storage counts them: rows of the groups that zone maps left, and the deleted ones among them. */
    readonly rowsPreFilter: number;
    readonly rowsDeleted: number;
    /** As the step's code counts them. */
    readonly rowsPreUserFilter: number;
    readonly isRangeRestricted: boolean;
    /** It asked the filter of a join. */
    readonly isRowFiltered: boolean;
    /** Per stored column that the scan asked for. */
    readonly blocks: readonly BlockCounts[];
  };
}
export interface QueryProgress {
  readonly query: QueryId;
  readonly steps: readonly StepCount[];
  /** Of its load, per feed. */
  readonly loads: readonly unknown[];
}
export interface QueryDone {
  readonly kind: 'query-done';
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly steps: readonly StepCount[];
  readonly changes: readonly SliceChange[];
  readonly loads: readonly unknown[];
  readonly unloads: readonly unknown[];
}
export interface QueryFailed {
  readonly kind: 'query-failed';
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly error: ErrorValue;
  readonly loads: readonly unknown[];
}
/** Tables that a segment probes are on disk: the leader shall give it in parts, cut at these transforms. */
export interface PartsWanted {
  readonly kind: 'parts-wanted';
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly segment: number;
  readonly joins: readonly number[];
}
/** A SqlError that can be cloned; `code` set: a runtime error code with its argument. */
export interface ErrorValue {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

export interface LoggedCommit {
  readonly xid: Xid;
  readonly lsn: number;
  readonly changes: readonly SliceChange[];
  readonly drops: readonly TableId[];
  /** Before anything else the slice becomes what this image says (slices/images.ts). */
  readonly restores?: number | undefined;
}
/** Rows of constants: one buffer with each column's vector, its null bytes, and its texts. */
export interface SentRows {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly columns: readonly {
    readonly attnum: number;
    /** Bytes of one value. */
    readonly width: number;
    /** Offsets; `nulls` 0: no value is NULL. A text is its offset and length, u32 each. */
    readonly values: number;
    readonly nulls: number;
    readonly hasTexts: boolean;
  }[];
}
export type SliceRequest =
  | ({ readonly kind: 'commit' } & LoggedCommit)
  /** Commits of the log behind the slices' superblocks, in LSN order; each slice skips what it has. */
  | { readonly kind: 'recover'; readonly commits: readonly LoggedCommit[] }
  /** The log was replayed: files that no commit and no image that is kept names go. */
  | { readonly kind: 'recovered'; readonly images: readonly number[] }
  | { readonly kind: 'keep-image'; readonly image: number; readonly lsn: number }
  | { readonly kind: 'drop-image'; readonly image: number }
  /** Work of a running transaction on ALL tables, for the slices that read their node's copy. */
  | { readonly kind: 'stage'; readonly changes: readonly SliceChange[] }
  | { readonly kind: 'rollback'; readonly xid: Xid }
  | { readonly kind: 'checkpoint'; readonly lsn: number }
  | { readonly kind: 'reclaim'; readonly oldestXmin: Xid; readonly nextXid: Xid }
  | { readonly kind: 'vacuum'; readonly table: StorageTable; readonly options: VacuumOptions }
  /** Constant rows of one INSERT, written in steps. */
  | {
      readonly kind: 'insert';
      readonly table: StorageTable;
      readonly xid: Xid;
      readonly statement: number;
      readonly rows: SentRows;
    }
  | { readonly kind: 'blocks'; readonly tableId: TableId | undefined }
  | { readonly kind: 'tables' }
  /** What the queries and VACUUMs that run here have counted so far, and the modules that the thread keeps. */
  | { readonly kind: 'progress' }
  | { readonly kind: 'close' };
export interface SliceReplies {
  commit: undefined;
  recover: undefined;
  /** Files that are missing or strange, a sentence each. */
  recovered: readonly string[];
  /** Names of the files that make it up, in the slice's directory. */
  'keep-image': readonly string[];
  'drop-image': undefined;
  stage: undefined;
  rollback: undefined;
  checkpoint: undefined;
  reclaim: undefined;
  vacuum: VacuumReport | undefined;
  insert: SliceChange;
  blocks: readonly BlockInfo[];
  tables: readonly TableStorageInfo[];
  progress: {
    readonly queries: readonly QueryProgress[];
    readonly vacuums: readonly VacuumProgress[];
    readonly modules: number;
  };
  close: undefined;
}

export type ToSlice =
  | { readonly kind: 'module'; readonly moduleId: number; readonly module: WebAssembly.Module }
  /** The leader's code cache let the module go; no query that runs holds it. */
  | { readonly kind: 'drop-module'; readonly moduleId: number }
  | { readonly kind: 'start'; readonly start: QueryStart }
  | { readonly kind: 'cancel'; readonly query: QueryId }
  /** What runs in place of a segment. */
  | {
      readonly kind: 'parts';
      readonly query: QueryId;
      readonly segment: number;
      readonly fragments: readonly Fragment[];
    }
  /** The way to the node's object I/O thread, which the slice wanted; and that the thread has ended. */
  | { readonly kind: 'object-io'; readonly port: MessagePort }
  | { readonly kind: 'object-io-ended'; readonly cause: string }
  | { readonly kind: 'request'; readonly id: number; readonly request: SliceRequest }
  /** The request's work shall end if it works in steps; its reply says that it did, or is on its way. */
  | { readonly kind: 'end-request'; readonly id: number };
export type FromSlice =
  /** `notes`: damage that opening could pass over. */
  | {
      readonly kind: 'ready';
      readonly slice: SliceId;
      readonly checkpointLsn: number;
      readonly notes: readonly string[];
    }
  | QueryDone
  | QueryFailed
  | PartsWanted
  | { readonly kind: 'object-io-wanted'; readonly slice: SliceId }
  | { readonly kind: 'reply'; readonly id: number; readonly value?: unknown; readonly error?: ErrorValue }
  /** `--memory`: what the process shall keep of the slice's files. */
  | { readonly kind: 'file'; readonly change: RamFileChange }
  /** The thread ended by an exception; `error` set: what to tell the user, who can do something about it. */
  | { readonly kind: 'fatal'; readonly slice: SliceId; readonly message: string; readonly error?: ErrorValue }
  /** The memory of the slice's node may be corrupt; its word in the health buffer is set already. */
  | { readonly kind: 'fault'; readonly slice: SliceId; readonly message: string };

/** What a slice worker is started with. */
export interface SliceBoot {
  readonly slice: SliceId;
  readonly node: number;
  readonly sliceCount: number;
  readonly slicesPerNode: number;
  readonly memory: WebAssembly.Memory;
  /** This slice's address range in the node's memory. */
  readonly region: { readonly base: number; readonly size: number };
  readonly doorbells: SharedArrayBuffer;
  readonly health: SharedArrayBuffer;
  /** Tests only: a FaultSwitch's buffer. */
  readonly faults: SharedArrayBuffer | undefined;
  readonly kernels: WebAssembly.Module;
  readonly dataDirectory: string | undefined;
  /** Identity of the data directory, 16 hex digits. */
  readonly warehouse: string;
  /** Without data directory: the channel over which the node's slices see the owner's files, and what is kept of both. */
  readonly nodeChannel: string;
  readonly files: readonly RamFile[];
  readonly testing?: ForcedPaths | undefined;
}
