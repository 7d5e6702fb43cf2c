/**
 * The return step at run time: bytes in one buffer, sent to the leader over an edge or, on the leader, given to the
 * result.
 */
import { RingWriter } from '../../interconnect/ring.ts';
import { BaseSink } from '../base-sink.ts';
import { edgeCount, type EdgeCount, type SinkRuntime } from '../host.ts';
import type { EdgeId } from '../spec.ts';
import { OUTPUT } from './emit.ts';
import type { ReturnSpec } from './spec.ts';

const OUTPUT_BUFFER = 64 * 1024;

/** A sink whose code writes entries of bytes; `last`: the edge ends with it. */
export class OutputSink extends BaseSink<{ readonly edge: EdgeId; readonly last: boolean }> {
  private buffer = 0;
  private capacity = OUTPUT_BUFFER;
  private writer: RingWriter | undefined;
  readonly edges: EdgeCount[] = [];
  private flushing = false;

  override open(): void {
    this.buffer = this.run.mustAllocate(this.capacity);
    this.openWay();
    this.reset();
  }
  protected openWay(): void {
    if (this.segment.fragment.spec.locus === 'leader') return;
    const edge = this.run.edge(this.spec.edge);
    this.writer = new RingWriter(edge.buffer, this.run.surroundings.participant, 0);
    this.edges.push(edgeCount(this.run.surroundings.sliceCount));
  }
  private get at(): number {
    return this.segment.state + this.segment.fragment.layout.output;
  }
  private reset(): void {
    const { memory } = this.run;
    memory.setU32(this.at + OUTPUT.CUR, this.buffer);
    memory.setU32(this.at + OUTPUT.START, this.buffer);
    memory.setU32(this.at + OUTPUT.END, this.buffer + this.capacity);
    memory.setU32(this.at + OUTPUT.ROWS, 0);
  }
  outputFlush(need: number): boolean {
    const { memory } = this.run;
    const end = memory.u32(this.at + OUTPUT.CUR);
    const rows = memory.u32(this.at + OUTPUT.ROWS);
    if (rows > 0 || this.flushing) {
      const bytes = memory.bytes.subarray(this.buffer, end);
      if (!this.send(bytes, rows)) return false;
      this.bytesOut += bytes.length;
      this.packetsOut++;
      this.countEdge(bytes.length, rows);
    }
    if (need > this.capacity) {
      memory.free(this.buffer);
      this.capacity = need + 4096;
      this.buffer = this.run.mustAllocate(this.capacity);
    }
    this.reset();
    return true;
  }
  private countEdge(bytes: number, rows: number): void {
    for (const count of this.edges) {
      count.rows += rows;
      count.bytes += bytes;
      count.packets++;
    }
  }
  /** False: not now, or not all of it yet. */
  protected send(bytes: Uint8Array, rows: number): boolean {
    if (!this.writer) return this.run.takeOutput(bytes, rows);
    const { surroundings } = this.run;
    if (!this.flushing) {
      const head = new Uint8Array(4);
      new DataView(head.buffer).setUint32(0, rows, true);
      this.writer.begin(head, bytes);
      this.flushing = true;
    }
    const complete = this.writer.write();
    surroundings.doorbells.ring(surroundings.sliceCount);
    if (complete) this.flushing = false;
    return complete;
  }
  finish(): boolean {
    if (!this.outputFlush(0)) return false;
    if (this.writer && this.spec.last) {
      this.writer.end();
      this.run.surroundings.doorbells.ring(this.run.surroundings.sliceCount);
    }
    return true;
  }
}

export const returnRuntime: SinkRuntime<ReturnSpec> = {
  open: (host, segment, spec) => new OutputSink(host, segment, spec),
};
