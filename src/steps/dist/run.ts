/**
 * The dist step at run time: a staging buffer per receiver (or group of receivers that get the same rows), sent as
 * frames through the rings of the edge. In front of a frame go the long values that its rows refer to, each as a long
 * frame, in the order of the rows and their fields.
 */
import { RingWriter, type LateBytes } from '../../interconnect/ring.ts';
import { BaseSink } from '../base-sink.ts';
import { edgeCount, ownerOf, type EdgeCount, type SinkRuntime } from '../host.ts';
import { lengthOf, references } from '../long-values.ts';
import { DIST_STATE, STAGING } from './emit.ts';
import type { DistSpec } from './spec.ts';

interface Receiver {
  readonly writer: RingWriter;
  readonly count: EdgeCount;
  readonly bell: number;
  /** Long values of the frame at hand that were begun. */
  sent: number;
  /** Its tuples were. */
  hasTuples: boolean;
}
/** Those that get the same rows. */
interface Target {
  readonly receivers: readonly Receiver[];
  capacity: number;
  /** What is being sent; the longs first. */
  frame: { readonly longs: readonly LateBytes[]; readonly pieces: readonly Uint8Array[] } | undefined;
}

/** What receive/run.ts finds in front of the tuples: their number, long values, bytes in front of the strings that are none. */
function frameHead(rows: number, longs: number, unused: number): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, rows, true);
  view.setUint16(4, longs, true);
  view.setUint16(6, unused, true);
  return head;
}

class DistSink extends BaseSink<DistSpec> {
  private headers = 0;
  readonly edges: EdgeCount[] = [];
  private readonly targets: Target[] = [];
  private ended = false;

  override open(): void {
    const { run, segment, spec } = this;
    const { participant, sliceCount, slicesPerNode } = run.surroundings;
    const edge = run.edge(spec.edge);
    const sender = edge.spec.from === 'leader' ? 0 : participant;
    const writer = (receiver: number): RingWriter => new RingWriter(edge.buffer, sender, receiver);
    const bell = (receiver: number): number => (edge.spec.to === 'leader' ? sliceCount : receiver);
    const all = Array.from({ length: edge.spec.to === 'leader' ? 1 : sliceCount }, (_, i) => i);
    const groups: number[][] = {
      hash: all.map((r) => [r]),
      even: all.map((r) => [r]),
      broadcast: [all],
      owners: [all.filter((r) => ownerOf(r, slicesPerNode) === r)],
      single: [[0]],
      leader: [[0]],
    }[spec.mode];
    const capacity = Math.max(spec.shape.layout.size * 2, groups.length <= 8 ? 64 * 1024 : 16 * 1024);
    this.headers = run.mustAllocate(groups.length * STAGING.BYTES);
    for (const [i, receivers] of groups.entries()) {
      const ends = receivers.map((r) => ({
        writer: writer(r),
        count: edgeCount(bell(r)),
        bell: bell(r),
        sent: 0,
        hasTuples: false,
      }));
      this.edges.push(...ends.map((r) => r.count));
      this.targets.push({ receivers: ends, capacity, frame: undefined });
      this.place(i, run.mustAllocate(capacity));
    }
    // Receivers that get no rows in this mode still wait for this sender's end.
    const used = new Set(groups.flat());
    this.silent = all.filter((r) => !used.has(r)).map((r) => ({ writer: writer(r), bell: bell(r) }));
    const at = segment.state + segment.fragment.layout.staging;
    run.memory.setU32(at + DIST_STATE.HEADERS, this.headers);
    run.memory.setU32(at + DIST_STATE.TARGETS, groups.length);
    run.memory.setU32(at + DIST_STATE.ROUND_ROBIN, participant + run.start.query);
  }
  private silent: { writer: RingWriter; bell: number }[] = [];

  private place(target: number, start: number): void {
    const { memory } = this.run;
    const h = this.headers + target * STAGING.BYTES;
    const end = start + this.targets[target]!.capacity;
    memory.setU32(h + STAGING.FRONT, start);
    memory.setU32(h + STAGING.BACK, end);
    memory.setU32(h + STAGING.COUNT, 0);
    memory.setU32(h + STAGING.START, start);
    memory.setU32(h + STAGING.END, end);
    for (const field of [STAGING.LONG, STAGING.PENDING]) memory.setU32(h + field, 0);
  }
  /** Sends what is staged; true when the buffer is empty and has room for `need` bytes. */
  distFlush(target: number, need: number): boolean {
    const { memory } = this.run;
    const t = this.targets[target]!;
    const h = this.headers + target * STAGING.BYTES;
    const start = memory.u32(h + STAGING.START);
    if (t.frame === undefined && memory.u32(h + STAGING.COUNT) > 0) this.begin(t, h);
    if (t.frame !== undefined && !this.send(t)) {
      memory.setU32(h + STAGING.PENDING, 1);
      return false;
    }
    t.frame = undefined;
    if (need > t.capacity) {
      memory.free(start);
      t.capacity = Math.ceil((need + 4096) / 8) * 8;
      this.place(target, this.run.mustAllocate(t.capacity));
    } else this.place(target, start);
    return true;
  }
  private begin(t: Target, h: number): void {
    const { memory } = this.run;
    const [start, rows] = [memory.u32(h + STAGING.START), memory.u32(h + STAGING.COUNT)];
    const longs = memory.u32(h + STAGING.LONG) === 0 ? [] : this.longsOf(start, rows);
    const back = memory.u32(h + STAGING.BACK);
    const tuples = memory.bytes.subarray(start, memory.u32(h + STAGING.FRONT));
    // From a whole word on, as the ring has them.
    const unused = back & 7;
    const strings = memory.bytes.subarray(back - unused, memory.u32(h + STAGING.END));
    t.frame = { longs, pieces: [frameHead(rows, longs.length, unused), tuples, strings] };
    const bytes = longs.reduce((sum, v) => sum + v.length, tuples.length + strings.length - unused);
    for (const r of t.receivers) {
      r.sent = 0;
      r.hasTuples = false;
      if (r.writer.closed) continue;
      this.bytesOut += bytes;
      this.packetsOut++;
      r.count.rows += rows;
      r.count.bytes += bytes;
      r.count.packets++;
    }
  }
  /** What the rows refer to, in their order. */
  private longsOf(start: number, rows: number): readonly LateBytes[] {
    const { memory, longs } = this.run;
    return references(memory, this.spec.shape.layout, start, rows).map((at) => {
      const value = memory.i64(at);
      return { length: lengthOf(value), read: (from, into) => longs.read(value, from, into) };
    });
  }
  /** True when all receivers have the frame, or want no more. */
  private send({ receivers, frame }: Target): boolean {
    let complete = true;
    for (const r of receivers) {
      if (!this.sendTo(r, frame!)) complete = false;
      this.run.surroundings.doorbells.ring(r.bell);
    }
    return complete;
  }
  private sendTo(r: Receiver, { longs, pieces }: NonNullable<Target['frame']>): boolean {
    const { writer } = r;
    for (;;) {
      if (!writer.idle && !writer.write()) return false;
      if (writer.closed || r.hasTuples) return true;
      if (r.sent < longs.length) writer.beginLong(longs[r.sent++]!);
      else {
        writer.begin(...pieces);
        r.hasTuples = true;
      }
    }
  }
  finish(): boolean {
    if (this.ended) return true;
    let all = true;
    for (let i = 0; i < this.targets.length; i++) if (!this.distFlush(i, 0)) all = false;
    if (!all) return false;
    for (const t of this.targets) {
      for (const { count, writer, bell } of t.receivers) {
        count.isCut = writer.closed;
        writer.end();
        this.run.surroundings.doorbells.ring(bell);
      }
    }
    for (const s of this.silent) {
      s.writer.end();
      this.run.surroundings.doorbells.ring(s.bell);
    }
    const { memory } = this.run;
    for (let i = 0; i < this.targets.length; i++)
      memory.free(memory.u32(this.headers + i * STAGING.BYTES + STAGING.START));
    memory.free(this.headers);
    this.ended = true;
    return true;
  }
}

export const distRuntime: SinkRuntime<DistSpec> = {
  open: (host, segment, spec) => new DistSink(host, segment, spec),
};
