/**
 * Reads committed records out of the log's segments while the log is being written, for a node that is started anew: frame
 * by frame from the file, in batches, letting the event loop in. Every frame was verified when the log was opened or was
 * written by this process, so one that does not verify now is damage.
 */
import type { Disk, DiskFile } from '../../common/disk.ts';
import { commitLogCorrupt } from '../../common/errors/catalogue.ts';
import { Turns } from '../../common/steps.ts';
import { commitOf, decodeFrame, FRAME_HEADER_BYTES, type DecodedFrame } from './log-record.ts';
import type { RecoveredCommit } from './surroundings.ts';

export interface Segment {
  readonly number: number;
  readonly path: string;
  readonly firstLsn: number;
}

export const SEGMENT_HEADER_BYTES = 64;
/** Commits handed to the slices at once. */
export const RECOVERY_BATCH = 1024;

export async function* readCommits(
  disk: Disk,
  segments: readonly Segment[],
  after: number,
  through: number,
): AsyncGenerator<readonly RecoveredCommit[]> {
  let batch: RecoveredCommit[] = [];
  const turns = new Turns();
  for (const [index, segment] of [...segments].entries()) {
    const next = segments[index + 1]?.firstLsn ?? Infinity;
    if (next <= after + 1 || segment.firstLsn > through) continue;
    for (const { lsn, record } of framesOf(disk, segment, Math.min(through, next - 1))) {
      if (lsn > after && record.kind === 'commit') batch.push(commitOf(lsn, record));
      await turns.next();
      if (batch.length < RECOVERY_BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** The frames of a segment up to and with record `last`. */
function* framesOf(disk: Disk, segment: Segment, last: number): Generator<DecodedFrame> {
  if (segment.firstLsn > last) return;
  const file = disk.open(segment.path, 'read');
  try {
    for (let at = SEGMENT_HEADER_BYTES, lsn = segment.firstLsn; lsn <= last; lsn++) {
      const frame = readFrame(file, at);
      if ('fault' in frame) throw commitLogCorrupt(segment.path, at, frame.fault);
      if (frame.lsn !== lsn) throw commitLogCorrupt(segment.path, at, `record ${lsn} expected, ${frame.lsn} found`);
      yield frame;
      at += frame.end;
    }
  } finally {
    file.close();
  }
}

function readFrame(file: DiskFile, at: number): DecodedFrame | { readonly fault: string } {
  const left = file.size() - at;
  const header = new Uint8Array(Math.min(left, FRAME_HEADER_BYTES));
  file.read(at, header);
  if (header.length < FRAME_HEADER_BYTES) return { fault: 'incomplete record header' };
  const length = FRAME_HEADER_BYTES + new DataView(header.buffer).getUint32(4, true);
  const frame = new Uint8Array(Math.min(left, length));
  file.read(at, frame);
  return decodeFrame(frame, 0);
}
