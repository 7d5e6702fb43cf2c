/**
 * Frames of the history's files. Each holds records of one moment and stands for itself, so that a bad one loses nothing
 * but its own records.
 *
 *   +0  u32 magic "SHHI"   +4 u32 bytes of the payload   +8 u32 crc32c of everything behind this word   +12 zero
 *   +16 f64 microseconds since 2000-01-01 when it was written   +24 f64 highest query number given out then
 *   +32 payload: a line per record, "<log>\t<row>\n" (row.ts)
 */
import { crc32c } from '../../common/crc32c.ts';
import { decodeRecord } from './row.ts';
import { LOG_NAMES } from './size.ts';
import type { HistoryLogs, LogName } from './types.ts';

const MAGIC = 0x49484853;
const MAGIC_BYTES = Buffer.from('SHHI');
export const FRAME_HEADER_BYTES = 32;
const SUMMED_FROM = 12;

export interface FrameHead {
  readonly at: number;
  readonly payloadBytes: number;
  readonly micros: number;
  readonly queryId: number;
}
export interface StoredRecord<K extends LogName = LogName> {
  readonly log: K;
  readonly record: HistoryLogs[K];
}

export function encodeFrame(lines: readonly string[], micros: number, queryId: number): Uint8Array {
  const payload = Buffer.from(lines.join(''));
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(payload.length, 4);
  frame.writeDoubleLE(micros, 16);
  frame.writeDoubleLE(queryId, 24);
  payload.copy(frame, FRAME_HEADER_BYTES);
  frame.writeUInt32LE(crc32c(frame.subarray(SUMMED_FROM)), 8);
  return frame;
}

/** The good frames among these bytes, in order. */
export function framesIn(bytes: Buffer): readonly FrameHead[] {
  const frames: FrameHead[] = [];
  let at = bytes.indexOf(MAGIC_BYTES);
  while (at >= 0 && at + FRAME_HEADER_BYTES <= bytes.length) {
    const payloadBytes = bytes.readUInt32LE(at + 4);
    const end = at + FRAME_HEADER_BYTES + payloadBytes;
    const good = end <= bytes.length && crc32c(bytes.subarray(at + SUMMED_FROM, end)) === bytes.readUInt32LE(at + 8);
    if (good)
      frames.push({ at, payloadBytes, micros: bytes.readDoubleLE(at + 16), queryId: bytes.readDoubleLE(at + 24) });
    at = bytes.indexOf(MAGIC_BYTES, good ? end : at + 1);
  }
  return frames;
}

/** A frame's records, in order. The checksum vouches for their form. */
export function recordsIn(bytes: Buffer, frame: FrameHead): readonly StoredRecord[] {
  const from = frame.at + FRAME_HEADER_BYTES;
  const text = bytes.toString('utf8', from, from + frame.payloadBytes);
  const known = new Set<string>(LOG_NAMES);
  return text.split('\n').flatMap((line) => {
    const tab = line.indexOf('\t');
    const log = line.slice(0, tab);
    if (!known.has(log)) return [];
    return [{ log: log as LogName, record: decodeRecord(log as LogName, line.slice(tab + 1)) }];
  });
}
