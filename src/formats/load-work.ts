/**
 * A COPY's work as it travels from the leader to a slice, and what the slice reports of it. Made by leader/copy,
 * carried in LoadWork, read by compute/load; plain values that can be cloned.
 */
import type { Compression } from '../common/compress/compression.ts';
import { remoteName, type RemoteSource } from '../common/remote-source.ts';

/** A byte range of one object; compressed objects go whole. Or what another source gives. */
export interface LoadPiece {
  readonly bucket: string;
  readonly key: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** The object as it was listed. */
  readonly state: { readonly size: number; readonly modifiedMs: number; readonly etag?: string | undefined };
  /** The range begins the file: its header lines are skipped. */
  readonly first: boolean;
  readonly compression: Compression;
  /** The object was encrypted under it before it came, and goes whole. */
  readonly masterKey?: string | undefined;
  /** Of an object's bucket, for what names the object by its address. */
  readonly region?: string | undefined;
  /** What is read instead of an object: bucket and key are empty then, and start, end and size a guess. */
  readonly remote?: RemoteSource | undefined;
}
/** How system views name what it reads. */
export const pieceName = ({ bucket, key, remote }: Pick<LoadPiece, 'bucket' | 'key' | 'remote'>): string =>
  remote === undefined ? `s3://${bucket}/${key}` : remoteName(remote);
export interface LoadOptions {
  readonly table: string;
  /** Name of the format (registry.ts), and its plan. */
  readonly format: string;
  readonly plan: unknown;
  /** The load fails when so many records were refused. */
  readonly errorLimit: number;
  /** One i32 that all slices count in: records refused so far. */
  readonly refusedByAll: SharedArrayBuffer;
  /** Sampling: stop after about so many rows. */
  readonly rowsMax: number;
}
/** One refused record. */
export interface RefusedRecord {
  /** Index into the slice's pieces. */
  readonly piece: number;
  /** Line within the piece, from 1. */
  readonly line: number;
  /** Index into the load's columns; -1 when the record as a whole is bad. */
  readonly column: number;
  readonly position: number;
  readonly rawLine: Uint8Array;
  readonly rawValue: Uint8Array;
  readonly code: number;
  readonly reason: number;
  /** Fields in front of that one, undefined for NULL; of a slice's first refused records. */
  readonly before?: readonly (Uint8Array | undefined)[] | undefined;
}
/** What reading an object took, as its place told. */
export interface ReadTraffic {
  readonly micros: number;
  readonly packMicros: number;
  readonly retries?: number;
  readonly requestId?: string | undefined;
  readonly extendedRequestId?: string | undefined;
  /** Why nothing was read of a source that need not be there. */
  readonly skipped?: string;
  /** Of connections that were made again. */
  readonly errors?: readonly string[] | undefined;
}
export interface PieceResult {
  readonly lines: number;
  readonly rows: number;
  readonly errors: number;
  /** Unpacked, and of the stored object. */
  readonly bytes: number;
  readonly objectBytes: number;
  /** Microseconds since 2000; an end of 0: it was not read to its end. */
  readonly start: number;
  readonly end: number;
  readonly traffic?: ReadTraffic | undefined;
  /** What its reading failed with. */
  readonly failed?: string | undefined;
}
/** How far a slice's load has come. */
export interface LoadProgress {
  /** Pieces begun, in order, the last one being read. */
  readonly pieces: readonly PieceResult[];
}
/** A shape that SIMPLIFY AUTO found too large. */
export interface SimplifiedRecord {
  readonly line: number;
  readonly initialBytes: number;
  readonly fits: boolean;
  readonly finalBytes: number;
  readonly tolerance: number;
}
/** A record in which ACCEPTINVCHARS replaced something. */
export interface ReplacedRecord extends Pick<RefusedRecord, 'piece' | 'line' | 'rawLine'> {
  /** The first one, an index into the load's columns. */
  readonly column: number;
}
export interface LoadResult {
  /** Pieces begun, in order. */
  readonly pieces: readonly PieceResult[];
  readonly refused: readonly RefusedRecord[];
  readonly refusedCount: number;
  readonly rows: number;
  readonly replaced: readonly ReplacedRecord[];
  readonly simplified?: readonly SimplifiedRecord[] | undefined;
}
