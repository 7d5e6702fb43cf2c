/** A record comes back as it was written, and one whose parts do not fill it is refused, never read as something else. */
import { expect, test } from 'vitest';
import { toJson } from '../catalog/serialise.ts';
import { crc32c } from '../../common/crc32c.ts';
import { decodeFrame, encodeRecord, FRAME_HEADER_BYTES, type LogRecord } from './log-record.ts';

const change = (rows: readonly number[], tail: string): LogRecord['slices'][number] => ({
  slice: 0,
  tableId: 7,
  xid: 12,
  statement: 1,
  groupsAdded: [],
  groupsRemoved: [],
  deletes: [{ groupId: 3, rows: Uint32Array.from(rows) }],
  tail: new TextEncoder().encode(tail),
  rowsAdded: 1,
  rowsDeleted: rows.length,
  blocksAdded: 0,
});
const record = {
  kind: 'commit',
  database: 1,
  xid: 12,
  catalog: [],
  slices: [change([0, 5, 4_000_000_000], 'first'), change([], ''), change([9], 'third')],
  drops: [],
  identities: [],
  xidLimit: 100,
  oidLimit: 100,
} as unknown as LogRecord;

test('deleted rows and tails of several slices come back', () => {
  const frame = encodeRecord(record, 1, 0, 0);
  const decoded = decodeFrame(frame, 0);
  expect('record' in decoded && decoded.record).toEqual(record);
});

/** A frame with a good checksum around the given JSON and no parts. */
function frameOf(slices: unknown): Uint8Array {
  const good = encodeRecord({ ...record, slices: [] }, 1, 0, 0);
  const json = new TextEncoder().encode(toJson({ ...record, slices }));
  const frame = new Uint8Array(FRAME_HEADER_BYTES + 24 + json.length);
  frame.set(good.subarray(0, FRAME_HEADER_BYTES + 24));
  frame.set(json, FRAME_HEADER_BYTES + 24);
  const view = new DataView(frame.buffer);
  view.setUint32(4, 24 + json.length, true);
  view.setUint32(FRAME_HEADER_BYTES + 20, json.length, true);
  view.setUint32(8, crc32c(frame.subarray(FRAME_HEADER_BYTES)), true);
  return frame;
}

test.each([
  ['rows listed in the text, as an earlier format had them', [5]],
  ['more rows than there are', 3],
  ['a fraction of a row', 0.3],
])('%s', (_, rows) => {
  expect(() => decodeFrame(frameOf([{ ...change([], ''), tail: 0, deletes: [{ groupId: 3, rows }] }]), 0)).toThrow(
    /parts|record/,
  );
});
