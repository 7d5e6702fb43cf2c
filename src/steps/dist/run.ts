/**
 * The dist step at run time: a staging buffer per receiver (or group of receivers that get the same rows), sent as
 * frames through the rings of the edge.
 */
import { RingWriter } from '../../interconnect/ring.ts';
import { BaseSink } from '../base-sink.ts';
import { edgeCount, ownerOf, type EdgeCount, type SinkRuntime } from '../host.ts';
import { DIST_STATE, STAGING } from './emit.ts';
import type { DistSpec } from './spec.ts';

class DistSink extends BaseSink<DistSpec> {
  private headers = 0;
  readonly edges: EdgeCount[] = [];
  private readonly targets: {
    writers: RingWriter[];
    counts: EdgeCount[];
    bells: number[];
    capacity: number;
    flushing: boolean;
  }[] = [];
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
      const bells = receivers.map(bell);
      const counts = bells.map(edgeCount);
      this.edges.push(...counts);
      this.targets.push({ writers: receivers.map(writer), counts, bells, capacity, flushing: false });
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
  }
  /** Sends what is staged; true when the buffer is empty and has room for `need` bytes. */
  distFlush(target: number, need: number): boolean {
    const { memory, surroundings } = this.run;
    const t = this.targets[target]!;
    const h = this.headers + target * STAGING.BYTES;
    const start = memory.u32(h + STAGING.START);
    if (!t.flushing && memory.u32(h + STAGING.COUNT) > 0) {
      const head = new Uint8Array(8);
      new DataView(head.buffer).setUint32(0, memory.u32(h + STAGING.COUNT), true);
      const tuples = memory.bytes.subarray(start, memory.u32(h + STAGING.FRONT));
      const strings = memory.bytes.subarray(memory.u32(h + STAGING.BACK), memory.u32(h + STAGING.END));
      const bytes = tuples.length + strings.length;
      for (const [i, w] of t.writers.entries()) {
        if (w.closed) continue;
        w.begin(head, tuples, strings);
        this.bytesOut += bytes;
        this.packetsOut++;
        const to = t.counts[i]!;
        to.rows += memory.u32(h + STAGING.COUNT);
        to.bytes += bytes;
        to.packets++;
      }
      t.flushing = true;
    }
    if (t.flushing) {
      let complete = true;
      for (const [i, w] of t.writers.entries()) {
        if (!w.idle && !w.write()) complete = false;
        surroundings.doorbells.ring(t.bells[i]!);
      }
      if (!complete) return false;
      t.flushing = false;
    }
    if (need > t.capacity) {
      memory.free(start);
      t.capacity = need + 4096;
      this.place(target, this.run.mustAllocate(t.capacity));
    } else this.place(target, start);
    return true;
  }
  finish(): boolean {
    if (this.ended) return true;
    let all = true;
    for (let i = 0; i < this.targets.length; i++) if (!this.distFlush(i, 0)) all = false;
    if (!all) return false;
    for (const t of this.targets) {
      for (const [i, w] of t.writers.entries()) {
        t.counts[i]!.isCut = w.closed;
        w.end();
        this.run.surroundings.doorbells.ring(t.bells[i]!);
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
