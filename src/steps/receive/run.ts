/**
 * The receiving end of an edge: frames of all senders, taken in turn. A frame is u32 rows, u32 unused, tuples, string
 * bytes.
 */
import { RingReader } from '../../interconnect/ring.ts';
import type { SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { setInput } from '../source-input.ts';
import type { ReceiveSpec } from './step.ts';

class ReceiveSource implements Source {
  private readonly readers: { reader: RingReader; sender: number; buffer: number; capacity: number }[];
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
    this.readers = Array.from({ length: senders }, (_, s) => ({
      reader: new RingReader(edge.buffer, s, receiver),
      sender: edge.spec.from === 'leader' ? sliceCount : s,
      buffer: 0,
      capacity: 0,
    }));
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
      this.segment.bytesIn += frame.length;
      this.segment.packetsIn++;
      setInput(this.run, this.segment, r.buffer + 8, memory.u32(r.buffer), false, r.buffer + frame.length);
      return 'ready';
    }
    return ended === this.readers.length ? 'done' : 'wait';
  }
  /** The segment may be satisfied early (LIMIT): senders that are not at their end must not wait for us. */
  close(): void {
    for (const r of this.readers) {
      if (r.reader.ended) continue;
      r.reader.close();
      this.run.surroundings.doorbells.ring(r.sender);
    }
  }
}

export const receiveRuntime: SourceRuntime<ReceiveSpec> = {
  open: (host, segment, spec) => new ReceiveSource(host, segment, spec.edge),
};
