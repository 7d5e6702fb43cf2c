/**
 * A load format of COPY as an entry (registry.ts), in three parts that meet through plain values:
 *   split    on the leader: where a large object may be cut, so that slices read parts of it side by side
 *   schema   on the leader: how what the objects hold fills the load's columns, as a plan that travels to the slices
 *   open     on a slice: a reader of pieces, which gives records a batch at a time and never waits
 * A batch is handed to the parse step as text, which the step's code converts column by column, or as vectors of values.
 * Everything else of a load is the same for all formats (compute/load.ts): pieces, counting, MAXERROR, refused records.
 */
import type { SqlType } from '../types/sql-type.ts';
import type { LoadPiece, ReadTraffic, RefusedRecord, ReplacedRecord } from './load-work.ts';

// ---- on the leader ----

/** An object before the load. */
export interface LoadObject {
  readonly size: number;
  /** Bytes [start, end), fewer when the object ends before. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** All of it. */
  stream(): AsyncIterable<Uint8Array>;
}
/** A column of the table that the load fills, in the order of the statement. */
export interface LoadColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
}
export interface LoadSchema<P> {
  readonly delivers: Delivery['kind'];
  /** Of texts: columns that come as values all the same. */
  readonly values?: readonly boolean[];
  /** For open(); can be cloned. */
  readonly plan: P;
}
/** An object of the load, or one beside it. */
export interface LoadSource {
  readonly bucket: string;
  readonly key: string;
  readonly state: LoadPiece['state'];
}
/** What shapefiles want besides: they are several objects each. */
export interface ShapefileHost {
  readonly sources: readonly LoadSource[];
  find(bucket: string, key: string): Promise<LoadSource | undefined>;
  /** The first bytes of an object's text, at most so many. */
  begin(source: LoadSource, bytes: number): Promise<Uint8Array>;
  /** read_srid_on_shapefile_ingestion. */
  readonly readsSrid: boolean;
}
/** What a schema may ask of the leader. */
export interface SchemaHost {
  /** A small object that options name. Throws Redshift's error when it cannot be read. */
  object(url: string): Promise<Uint8Array>;
  readonly shapefiles?: ShapefileHost;
}
/** `O`: the format's own options, checked by leader/copy; `P`: its plan for the slices. */
export interface LoadFormat<O = unknown, P = unknown> {
  /**
   * Ascending offsets at which records begin, the next one at or behind each wish; none: the object is never cut. The first
   * part must hold whatever stands before the records.
   */
  split(object: LoadObject, wishes: readonly number[], options: O): Promise<readonly number[]>;
  /** `first`: the first object of the load, if there is any. */
  schema(
    columns: readonly LoadColumn[],
    options: O,
    first: LoadObject | undefined,
    host: SchemaHost,
  ): Promise<LoadSchema<P>>;
  open(load: LoadHost, plan: P): OpenedFormat;
  /** Lines (or what the format counts for them) in front of a piece that begins at `start`. Missing: line feeds. */
  linesBefore?(object: LoadObject, start: number): Promise<number>;
}

// ---- on a slice ----

/** Bytes on their way. */
export interface ByteSource {
  /** Fills `into` from its start: the bytes, 0 at the end, 'wait' while there are none. Throws what the reading failed with. */
  read(into: Uint8Array): number | 'wait';
  close(): void;
  /** Bytes of the stored object read so far. */
  objectBytes?(): number;
  /** What reading took, once the end was read. */
  traffic?(): ReadTraffic | undefined;
}
/** What an opened format may ask of the load it reads for. */
export interface LoadHost {
  /** Node memory; what is not freed goes with the query. */
  readonly memory: {
    readonly bytes: Uint8Array;
    readonly view: DataView;
    free(address: number): void;
    u32(address: number): number;
    setU32(address: number, value: number): void;
  };
  /** Address of `bytes` bytes; throws when there are none. */
  allocate(bytes: number): number;
  readonly kernels: WebAssembly.Exports;
  /** The execution context of the segment that is read for. */
  readonly context: number;
  /** The bytes of a piece, decompressed. */
  open(piece: LoadPiece): ByteSource;
  /** A record that will not be delivered. Throws when the load has failed by that. */
  refuse(record: Omit<RefusedRecord, 'piece'>): void;
  /** Formats of text: a record in which ACCEPTINVCHARS replaced something. */
  replaced?(record: Omit<ReplacedRecord, 'piece'>): void;
  /** The load cannot go on. */
  fail(): never;
}
/**
 * Where a batch of at most BATCH_ROWS records lies, until the next one is asked for.
 *   text      per column BATCH_ROWS strings (address and length, u32 each) at `fields`, and null bytes at `nulls`
 *   vectors   per column, at `table`: u32 address of its values, u32 address of its null bytes (1 = NULL). Values are of the
 *             column's physical form (types/sql-type.ts), fit its type, and of a NULL string are 0; a string's bytes
 *             stay until the next batch
 * Texts may have such a table, too, for the columns that LoadSchema says come as values.
 */
export type Delivery =
  | {
      readonly kind: 'text';
      readonly fields: number;
      readonly nulls: number;
      /** Programs of text/time-format.ts. */
      readonly dateProgram: Uint8Array;
      readonly timeProgram: Uint8Array;
      readonly table?: number;
    }
  | { readonly kind: 'vectors'; readonly table: number };
export interface OpenedFormat {
  readonly delivery: Delivery;
  /** Its bytes may be asked for at once: the piece is read when those before it are through. */
  begin(piece: LoadPiece): PieceReader;
}
export interface PieceReader {
  /** Records of the next batch; 0 at the piece's end. */
  next(): number | 'wait';
  /** Lines (or what the format counts for them) so far. */
  readonly lines: number;
  /** Characters replaced so far. */
  readonly replaced: number;
  /** A record of the batch that the parse step refuses for a value, as it is shown to the user. */
  record(row: number, column: number): Pick<RefusedRecord, 'line' | 'rawLine' | 'rawValue'>;
  /** Its fields in front of that column, undefined for NULL. */
  before?(row: number, column: number): readonly (Uint8Array | undefined)[];
  /** Of a record of the batch, where there is nothing else to say of it; node memory may be gone. */
  line?(row: number): number;
  close(): void;
}
