/**
 * The receiving end of an edge: frames of all senders, taken in turn. A frame is u32 rows, u32 unused, tuples, string
 * bytes.
 */
import { RingReader } from '../../interconnect/ring.ts';
import { edgeCount, type EdgeCount } from '../host.ts';
import type { SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { setInput } from '../source-input.ts';
import type { ReceiveSpec } from './step.ts';

const FRAME_HEAD_BYTES = 8;

class ReceiveSource implements Source {
  readonly edges: readonly EdgeCount[];
  private readonly readers: {
    count: EdgeCount;
    reader: RingReader;
    sender: number;
    buffer: number;
    capacity: number;
  }[];
  private turn = 0;

  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    edgeId: number,
  ) {
    const edge = run.edge(edgeId);
    const { participant, sliceCount } = run.surroundings;
    const receiver = edge.spec.to === 'leader' ? 0 : participant;
    const senders = edge.spec.from === 'leader' ? 1 : sliceCount;
    this.readers = Array.from({ length: senders }, (_, s) => {
      const sender = edge.spec.from === 'leader' ? sliceCount : s;
      const reader = new RingReader(edge.buffer, s, receiver);
      return { reader, sender, count: edgeCount(sender), buffer: 0, capacity: 0 };
    });
    this.edges = this.readers.map((r) => r.count);
  }
  next(): Supply {
    const { memory, surroundings } = this.run;
    let ended = 0;
    for (let k = 0; k < this.readers.length; k++) {
      const r = this.readers[(this.turn + k) % this.readers.length]!;
      if (!r.reader.hasData) {
        if (r.reader.ended) ended++;
        continue;
      }
      const frame = r.reader.read((length) => {
        if (r.capacity < length) {
          if (r.buffer !== 0) memory.free(r.buffer);
          r.capacity = Math.max(length, 16 * 1024);
          r.buffer = this.run.mustAllocate(r.capacity);
        }
        return memory.bytes.subarray(r.buffer, r.buffer + length);
      });
      surroundings.doorbells.ring(r.sender);
      if (!frame) continue;
      this.turn = (this.turn + k + 1) % this.readers.length;
      const bytes = frame.length - FRAME_HEAD_BYTES;
      this.segment.bytesIn += bytes;
      this.segment.packetsIn++;
      r.count.rows += memory.u32(r.buffer);
      r.count.bytes += bytes;
      r.count.packets++;
      setInput(
        this.run,
        this.segment,
        r.buffer + FRAME_HEAD_BYTES,
        memory.u32(r.buffer),
        false,
        r.buffer + frame.length,
      );
      return 'ready';
    }
    return ended === this.readers.length ? 'done' : 'wait';
  }
  /** The segment may be satisfied early (LIMIT): senders that are not at their end must not wait for us. */
  close(): void {
    for (const r of this.readers) {
      if (r.buffer !== 0) this.run.memory.free(r.buffer);
      r.buffer = 0;
      if (r.reader.ended) continue;
      r.count.isCut = true;
      r.reader.close();
      this.run.surroundings.doorbells.ring(r.sender);
    }
  }
}

export const receiveRuntime: SourceRuntime<ReceiveSpec> = {
  open: (host, segment, spec) => new ReceiveSource(host, segment, spec.edge),
};
