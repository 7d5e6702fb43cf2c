/**
 * insert_xid, delete_xid and row_id, and the one function that decides whether a transaction's work is seen under a
 * snapshot. Groups carry insert_xid once; deletes and removals are kept per group; the hidden columns exist as chunks
 * (constants and sequences of 64 bytes) so that block lists and dumps show them.
 */
import { CHUNK, LAYOUT, PHYS_TAG } from '../encodings/chunk-layout.ts';
import type { Group } from './row-group.ts';
import type { Snapshot } from './storage.ts';

export const INSERT_XID_ATTNUM = -2;
export const DELETE_XID_ATTNUM = -3;
export const ROW_ID_ATTNUM = -4;
/** The address of a row; no stored column. */
export const ROW_ADDRESS_ATTNUM = -1;
export const HIDDEN_ATTNUMS: readonly number[] = [INSERT_XID_ATTNUM, DELETE_XID_ATTNUM, ROW_ID_ATTNUM];
/** Row addresses are group id * 2^20 + row. */
export const ROW_BITS = 20n;

/** Does the snapshot see what statement `statement` of transaction `xid` did? */
export function sees(snapshot: Snapshot, xid: number, statement: number): boolean {
  if (xid === snapshot.own && xid !== 0) return statement < snapshot.statement;
  return xid < snapshot.xmax && !snapshot.active.includes(xid);
}
export function groupIsVisible(group: Group, snapshot: Snapshot): boolean {
  if (!sees(snapshot, group.meta.xid, group.meta.statement)) return false;
  return group.removedXid === 0 || !sees(snapshot, group.removedXid, group.removedStatement);
}

/** A chunk of value = base + row * step without NULLs. */
export function sequenceChunk(rows: number, base: bigint, step: bigint): Uint8Array {
  const bytes = new Uint8Array(CHUNK.HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[CHUNK.LAYOUT] = LAYOUT.az64;
  bytes[CHUNK.PHYS] = PHYS_TAG.i64;
  view.setUint32(CHUNK.ROWS, rows, true);
  view.setUint32(CHUNK.DATA_AT, CHUNK.HEADER_BYTES, true);
  view.setUint32(CHUNK.BYTES, CHUNK.HEADER_BYTES, true);
  view.setBigInt64(CHUNK.BASE_LOW, base, true);
  view.setBigInt64(CHUNK.BASE_HIGH, base >> 64n, true);
  view.setBigInt64(CHUNK.STEP, step, true);
  return bytes;
}
