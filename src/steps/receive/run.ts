/**
 * The receiving end of an edge: frames of all senders, taken in turn. A frame is u32 rows, u16 long values, u16 bytes unused, tuples,
 * the unused bytes, string bytes. The long values came before it, and are kept here now: the references in its rows are put right.
 */
import { assert } from '../../common/assert.ts';
import { RingReader } from '../../interconnect/ring.ts';
import { edgeCount, type EdgeCount } from '../host.ts';
import type { SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { lengthOf, references, type LongPlace } from '../long-values.ts';
import { setInput } from '../source-input.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import type { ReceiveSpec } from './step.ts';

const FRAME_HEAD_BYTES = 8;

interface Reader {
  count: EdgeCount;
  reader: RingReader;
  sender: number;
  buffer: number;
  capacity: number;
  /** Values of the next frame: those that are here, and the one that is coming. */
  longs: bigint[];
  long: LongPlace | undefined;
}

class ReceiveSource implements Source {
  readonly edges: readonly EdgeCount[];
  private readonly readers: readonly Reader[];
  private turn = 0;
  private readonly layout: TupleLayout;

  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    { edge: edgeId, shape }: ReceiveSpec,
  ) {
    this.layout = shape.layout;
    const edge = run.edge(edgeId);
    const { participant, sliceCount } = run.surroundings;
    const receiver = edge.spec.to === 'leader' ? 0 : participant;
    const senders = edge.spec.from === 'leader' ? 1 : sliceCount;
    this.readers = Array.from({ length: senders }, (_, s) => {
      const sender = edge.spec.from === 'leader' ? sliceCount : s;
      const reader = new RingReader(edge.buffer, s, receiver);
      return { reader, sender, count: edgeCount(sender), buffer: 0, capacity: 0, longs: [], long: undefined };
    });
    this.edges = this.readers.map((r) => r.count);
  }
  next(): Supply {
    const { memory, surroundings } = this.run;
    let ended = 0;
    let moved = false;
    for (let k = 0; k < this.readers.length; k++) {
      const r = this.readers[(this.turn + k) % this.readers.length]!;
      if (!r.reader.hasData) {
        if (r.reader.ended) ended++;
        continue;
      }
      moved = true;
      if (r.reader.coming() === 'long') {
        this.takeLong(r);
        surroundings.doorbells.ring(r.sender);
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
      const bytes = this.putRight(r, frame.length - FRAME_HEAD_BYTES - memory.view.getUint16(r.buffer + 6, true));
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
    if (ended === this.readers.length) return 'done';
    return moved ? 'busy' : 'wait';
  }
  /** The next bytes of a long value. */
  private takeLong(r: Reader): void {
    r.long ??= this.run.longs.place(r.reader.longLength);
    if (!r.reader.readLong((piece) => r.long!.write(piece))) return;
    r.longs.push(r.long.reference);
    this.segment.longBytes += lengthOf(r.long.reference);
    r.long = undefined;
  }
  /** Rows refer to what is kept here; all bytes that came. */
  private putRight({ buffer, longs }: Reader, bytes: number): number {
    const { memory } = this.run;
    if (longs.length === 0) return bytes;
    const places = references(memory, this.layout, buffer + FRAME_HEAD_BYTES, memory.u32(buffer));
    assert(
      places.length === longs.length && longs.length === memory.view.getUint16(buffer + 4, true),
      'long values of a frame',
    );
    for (const [i, value] of longs.entries()) memory.setI64(places[i]!, value);
    return longs.splice(0).reduce((sum, v) => sum + lengthOf(v), bytes);
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
  open: (host, segment, spec) => new ReceiveSource(host, segment, spec),
};
