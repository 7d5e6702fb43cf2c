/**
 * The chunk of a column that was added after a row group was written: one run of the column's missing value, or NULL in
 * every row. Made by a scan for as long as it has the group pinned.
 */
import { CHUNK, LAYOUT, PHYS_TAG, align8 } from '../encodings/chunk-layout.ts';
import { PHYS_BYTES, physOf, type SqlType } from '../types/sql-type.ts';
import { missingValue } from './missing-value.ts';

/** `text`: the value in output text form, null = NULL. */
export function missingChunk(type: SqlType, text: string | null, rows: number): Uint8Array {
  const phys = physOf(type);
  const value = missingValue(type, text);
  const stored = value ?? new Uint8Array(phys === 'str' ? 0 : PHYS_BYTES[phys]);
  // Strings lie as dictionary entries: start and end, then the bytes.
  const offsets = phys === 'str' ? 8 : 0;
  const data = CHUNK.HEADER_BYTES;
  const aux = data + 8;
  const nulls = align8(aux + offsets + stored.length);
  const length = align8(value === null ? nulls + ((rows + 7) >> 3) : nulls);
  const chunk = new Uint8Array(length);
  const view = new DataView(chunk.buffer);
  chunk[CHUNK.LAYOUT] = LAYOUT.runlength;
  chunk[CHUNK.PHYS] = PHYS_TAG[phys];
  view.setUint32(CHUNK.ROWS, rows, true);
  view.setUint32(CHUNK.DATA_AT, data, true);
  view.setUint32(CHUNK.AUX_AT, aux, true);
  view.setUint32(CHUNK.ENTRIES, 1, true);
  view.setUint32(CHUNK.BYTES, length, true);
  view.setUint32(data, rows, true);
  if (offsets > 0) view.setUint32(aux + 4, stored.length, true);
  chunk.set(stored, aux + offsets);
  if (value === null) {
    view.setUint32(CHUNK.NULL_COUNT, rows, true);
    view.setUint32(CHUNK.NULLS_AT, nulls, true);
    chunk.fill(0xff, nulls);
  }
  return chunk;
}
