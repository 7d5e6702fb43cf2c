/**
 * Records of the commit log as values and as bytes.
 *
 *   frame    magic u32 | payload length u32 | crc32c of the payload u32 | payload
 *   payload  lsn f64 | durable f64 | chain u32 | json length u32 | json | of each slice change: its tail, then the rows of its
 *            deletes, u32 each (the json has their numbers)
 *
 * `durable` is the offset in this segment up to which the file was known to be on disk when the record was
 * written. `chain` is the checksum of the record before, so that a record stands for all before it. A bad frame that a later
 * good record calls durable is damage; any other bad frame is the torn end of the last write.
 */
import { assert } from '../../common/assert.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import type { SliceChange } from '../../slices/storage.ts';
import { fromJson, toJson } from '../catalog/serialise.ts';
import { crc32c } from '../../common/crc32c.ts';
import type { CatalogChange } from '../catalog/changes.ts';
import type { RestoredState } from './kept-state.ts';
import type { RecoveredCommit } from './surroundings.ts';

export interface IdentityCounter {
  readonly tableId: TableId;
  readonly attnum: number;
  /** Values handed out so far. */
  readonly used: number;
}
export interface LogRecord {
  /** reserve: xids and oids below the limits may be in use. close: a clean end, the limits are exact. */
  readonly kind: 'commit' | 'reserve' | 'close';
  readonly xid: Xid;
  readonly database: number;
  readonly catalog: readonly CatalogChange[];
  readonly slices: readonly SliceChange[];
  readonly drops: readonly TableId[];
  /** Identity counters that moved since the last record. */
  readonly identities: readonly IdentityCounter[];
  readonly xidLimit: number;
  readonly oidLimit: number;
  /** The commit goes back to a state that was kept: its slices restore this image first. */
  readonly restored?: RestoredState | undefined;
}
/** What the slices need of a commit. */
export const commitOf = (lsn: number, { xid, slices, drops, restored }: LogRecord): RecoveredCommit => ({
  lsn,
  xid,
  changes: slices,
  drops,
  restores: restored?.image,
});

export const FRAME_MAGIC = 0x43524853; // 'SHRC'
export const FRAME_HEADER_BYTES = 12;
const PAYLOAD_HEADER_BYTES = 24;

/** A record's JSON: what is long lies behind it as bytes. */
type Stored = Omit<LogRecord, 'slices'> & {
  slices: (Omit<SliceChange, 'tail' | 'deletes'> & {
    tail: number;
    deletes: { groupId: number; rows: number }[];
  })[];
};
/** Little endian, as every machine this runs on is. */
const bytesOf = (rows: Uint32Array): Uint8Array => new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);

/** A record as one frame, ready to append. */
export function encodeRecord(record: LogRecord, lsn: number, durable: number, chain: number): Uint8Array {
  const parts = record.slices.flatMap((s) => [s.tail, ...s.deletes.map((d) => bytesOf(d.rows))]);
  const slices = record.slices.map((s) => ({
    ...s,
    tail: s.tail.length,
    deletes: s.deletes.map((d) => ({ groupId: d.groupId, rows: d.rows.length })),
  }));
  const json = new TextEncoder().encode(toJson({ ...record, slices }));
  const partBytes = parts.reduce((sum, p) => sum + p.length, 0);
  const length = PAYLOAD_HEADER_BYTES + json.length + partBytes;
  const frame = new Uint8Array(FRAME_HEADER_BYTES + length);
  const view = new DataView(frame.buffer);
  let at = FRAME_HEADER_BYTES;
  view.setFloat64(at, lsn, true);
  view.setFloat64(at + 8, durable, true);
  view.setUint32(at + 16, chain, true);
  view.setUint32(at + 20, json.length, true);
  at += PAYLOAD_HEADER_BYTES;
  frame.set(json, at);
  at += json.length;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint32(4, length, true);
  view.setUint32(8, crc32c(frame.subarray(FRAME_HEADER_BYTES)), true);
  return frame;
}

/** Checksum of an encoded frame: the chain of the next one. */
export const chainOf = (frame: Uint8Array): number => new DataView(frame.buffer, frame.byteOffset).getUint32(8, true);

export interface DecodedFrame {
  readonly lsn: number;
  readonly durable: number;
  readonly record: LogRecord;
  /** Checksum of the record before, and of this one. */
  readonly chain: number;
  readonly checksum: number;
  /** Offset behind the frame. */
  readonly end: number;
}

/** The good frame at `offset`, or why there is none. */
export function decodeFrame(bytes: Uint8Array, offset: number): DecodedFrame | { readonly fault: string } {
  if (offset + FRAME_HEADER_BYTES > bytes.length) return { fault: 'incomplete record header' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(offset, true) !== FRAME_MAGIC) return { fault: 'no record where one should begin' };
  const length = view.getUint32(offset + 4, true);
  const end = offset + FRAME_HEADER_BYTES + length;
  if (length < PAYLOAD_HEADER_BYTES || end > bytes.length) return { fault: 'incomplete record' };
  const payload = bytes.subarray(offset + FRAME_HEADER_BYTES, end);
  if (crc32c(payload) !== view.getUint32(offset + 8, true)) return { fault: 'wrong checksum' };
  const at = offset + FRAME_HEADER_BYTES;
  const jsonLength = view.getUint32(at + 20, true);
  const json = new TextDecoder().decode(payload.subarray(PAYLOAD_HEADER_BYTES, PAYLOAD_HEADER_BYTES + jsonLength));
  const stored = fromJson<Stored>(json);
  let partAt = PAYLOAD_HEADER_BYTES + jsonLength;
  const part = (length: number): Uint8Array => {
    assert(Number.isInteger(length) && length >= 0 && partAt + length <= payload.length, 'parts within the record');
    return payload.slice(partAt, (partAt += length));
  };
  const slices = stored.slices.map((s): SliceChange => {
    const tail = part(s.tail);
    const deletes = s.deletes.map(({ groupId, rows }) => ({ groupId, rows: new Uint32Array(part(rows * 4).buffer) }));
    return { ...s, tail, deletes };
  });
  assert(partAt === payload.length, 'a record is all its parts');
  return {
    lsn: view.getFloat64(at, true),
    durable: view.getFloat64(at + 8, true),
    record: { ...stored, slices },
    chain: view.getUint32(at + 16, true),
    checksum: view.getUint32(offset + 8, true),
    end,
  };
}
