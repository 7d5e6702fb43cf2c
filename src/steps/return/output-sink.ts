/**
 * What the return and unload steps send at run time: bytes in one buffer, sent to the leader over an edge or, on the leader, given to the
 * result. A row with long values ends its buffer: it goes alone, its values as they come from where they lie.
 */
import { RingWriter, type LateBytes } from '../../interconnect/ring.ts';
import { BaseSink } from '../base-sink.ts';
import { edgeCount, type EdgeCount } from '../host.ts';
import type { EdgeId } from '../spec.ts';
import { lateCell } from './late-cell.ts';
import { HOLE, OUTPUT } from './output-buffer.ts';

const OUTPUT_BUFFER = 64 * 1024;

/** Rows that go together, or (long) one row in pieces. */
export interface Rows {
  readonly pieces: readonly (Uint8Array | LateBytes)[];
  readonly rows: number;
  readonly isLong: boolean;
}
export const bytesOf = ({ pieces }: Pick<Rows, 'pieces'>): number => pieces.reduce((sum, p) => sum + p.length, 0);

/** A sink whose code writes entries of bytes; `last`: the edge ends with it. */
export class OutputSink extends BaseSink<{ readonly edge: EdgeId; readonly last: boolean }> {
  private buffer = 0;
  protected capacity = OUTPUT_BUFFER;
  private writer: RingWriter | undefined;
  readonly edges: EdgeCount[] = [];
  /** What is being sent, the first in part. */
  private sending: Rows[] = [];
  private isBegun = false;
  private whole: Uint8Array | undefined;

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
    memory.zero(this.at, OUTPUT.BYTES);
    memory.setU32(this.at + OUTPUT.CUR, this.buffer);
    memory.setU32(this.at + OUTPUT.START, this.buffer);
    memory.setU32(this.at + OUTPUT.END, this.buffer + this.capacity);
  }
  outputFlush(need: number): boolean {
    if (this.sending.length === 0) this.sending = this.gathered();
    for (; this.sending.length > 0; this.sending.shift()) {
      const [rows] = this.sending;
      if (!this.send(rows!, this.isBegun)) {
        this.isBegun = true;
        this.run.memory.setU32(this.at + OUTPUT.PENDING, 1);
        return false;
      }
      this.isBegun = false;
      this.count(rows!);
    }
    if (need > this.capacity) {
      this.run.memory.free(this.buffer);
      this.capacity = need + 4096;
      this.buffer = this.run.mustAllocate(this.capacity);
    }
    this.reset();
    return true;
  }
  private gathered(): Rows[] {
    const { memory } = this.run;
    const [end, rows, long] = [OUTPUT.CUR, OUTPUT.ROWS, OUTPUT.LONG_ROW].map((f) => memory.u32(this.at + f));
    if (long === 0) return rows === 0 ? [] : [this.together(end!, rows!)];
    const before = rows === 1 ? [] : [this.together(long!, rows! - 1)];
    return [...before, { pieces: this.longRow(long!, end!), rows: 1, isLong: true }];
  }
  private together(end: number, rows: number): Rows {
    return { pieces: [this.shaped(this.run.memory.bytes.subarray(this.buffer, end))], rows, isLong: false };
  }
  /** Entries as they are sent. */
  protected shaped(entries: Uint8Array): Uint8Array {
    return entries;
  }
  /** The row from `start` to `end` with the values that its holes stand for. */
  private longRow(start: number, end: number): Rows['pieces'] {
    const { memory, longs } = this.run;
    const pieces: (Uint8Array | LateBytes)[] = [];
    let from = start;
    for (let i = 0; i < memory.u32(this.at + OUTPUT.HOLES); i++) {
      const hole = this.at + OUTPUT.BYTES + i * HOLE.BYTES;
      const at = memory.u32(hole + HOLE.AT);
      pieces.push(
        memory.bytes.subarray(from, at),
        lateCell(longs, memory.i64(hole + HOLE.VALUE), memory.u32(hole + HOLE.FORM)),
      );
      from = at;
    }
    pieces.push(memory.bytes.subarray(from, end));
    return pieces.filter((p) => p.length > 0);
  }
  private count(rows: Rows): void {
    const bytes = bytesOf(rows);
    this.bytesOut += bytes;
    this.packetsOut++;
    for (const count of this.edges) {
      count.rows += rows.rows;
      count.bytes += bytes;
      count.packets++;
    }
  }
  /** False: not now, or not all of it yet; `isBegun`: it was asked before. */
  protected send(rows: Rows, isBegun: boolean): boolean {
    if (!this.writer) {
      if (!isBegun) this.whole = inOnePiece(rows);
      return this.run.takeOutput(this.whole!, rows.rows);
    }
    const { surroundings } = this.run;
    if (!isBegun) begin(this.writer, rows);
    const complete = this.writer.write();
    surroundings.doorbells.ring(surroundings.sliceCount);
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

function begin(writer: RingWriter, { pieces, rows, isLong }: Rows): void {
  if (isLong) return writer.beginLong(...pieces);
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, rows, true);
  writer.begin(head, ...(pieces as readonly Uint8Array[]));
}
function inOnePiece({ pieces, isLong }: Rows): Uint8Array {
  if (!isLong) return pieces[0] as Uint8Array;
  const whole = Buffer.allocUnsafe(bytesOf({ pieces }));
  let at = 0;
  for (const piece of pieces) {
    const into = whole.subarray(at, at + piece.length);
    if (piece instanceof Uint8Array) into.set(piece);
    else piece.read(0, into);
    at += piece.length;
  }
  return whole;
}
