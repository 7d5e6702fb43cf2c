/**
 * One stream of a stripe, unpacked chunk by chunk into an area where the kernels of orc-runs.ts find it: what they have not taken moves to the front when
 * more is asked for. Streams without compression are read where they lie.
 */
import type { PieceCodec, PieceUnpacker } from '../columnar/unpack.ts';
import type { TextRoom } from '../columnar/vectors.ts';
import { chunkAt, SLACK_BYTES, unpackChunk, type ChunkHost } from './chunks.ts';
import type { OrcKernels } from './kernels.ts';
import { OrcDamage } from './protobuf.ts';

/** Layout: wasm/runtime/orc-runs.ts. */
const STATE_BYTES = 64 + 512 * 8;
const AT = 0;
const END = 4;
const FINAL = 8;

export interface Stored {
  readonly at: number;
  readonly bytes: number;
}
export class StreamWindow {
  private readonly state: number;
  private readonly kernels: OrcKernels;
  private area = 0;
  private areaBytes = 0;
  /** Stored bytes that are still to be unpacked. */
  private from = 0;
  private end = 0;
  private codec: PieceCodec = 'none';
  private blockBytes = 0;

  constructor(
    private readonly host: ChunkHost,
    private readonly unpacker: PieceUnpacker,
  ) {
    this.kernels = host.kernels as unknown as OrcKernels;
    this.state = host.allocate(STATE_BYTES);
  }
  /** `stored` undefined: a stream that is not there is empty. */
  open(stored: Stored | undefined, codec: PieceCodec, blockBytes: number, signed = false, version = 2): void {
    const [at, bytes] = stored === undefined ? [0, 0] : [stored.at, stored.bytes];
    Object.assign(this, { from: at, end: at + bytes, codec, blockBytes });
    const isPlain = codec === 'none' || bytes === 0;
    if (isPlain) this.from = this.end;
    this.kernels.orc_open(this.state, at, isPlain ? at + bytes : at, isPlain ? 1 : 0, signed ? 1 : 0, version);
  }
  private get(offset: number): number {
    return this.host.memory.u32(this.state + offset);
  }
  private set(offset: number, value: number): void {
    this.host.memory.setU32(this.state + offset, value);
  }
  /** Unpacks the next chunk behind what was not taken; false at the stream's end. */
  private refill(): boolean {
    if (this.get(FINAL) !== 0) return false;
    const { memory } = this.host;
    const [at, end] = [this.get(AT), this.get(END)];
    const left = end - at;
    const chunk = chunkAt(memory.bytes, this.from, this.end);
    const text = unpackChunk(this.unpacker, this.codec, chunk, this.blockBytes, (bytes) => {
      const wanted = left + bytes + SLACK_BYTES;
      const old = this.area;
      if (wanted > this.areaBytes) {
        this.areaBytes = Math.max(wanted, Math.min(this.areaBytes * 2, 64 * 1024));
        this.area = this.host.allocate(this.areaBytes);
      }
      memory.bytes.copyWithin(this.area, at, end);
      if (old !== 0 && old !== this.area) memory.free(old);
      return this.area + left;
    });
    this.from = chunk.at + chunk.bytes;
    this.set(AT, this.area);
    this.set(END, text.at + text.bytes);
    if (this.from >= this.end) this.set(FINAL, 1);
    return true;
  }
  private all(n: number, read: (done: number) => number): void {
    for (let done = read(0); done < n; done += read(done)) {
      if (this.kernels.orc_is_broken(this.state) !== 0) throw new OrcDamage('a run is broken');
      if (!this.refill()) throw new OrcDamage('a stream ends too early');
    }
  }
  integers(out: number, n: number): void {
    this.all(n, (done) => this.kernels.orc_integers(this.state, out + done * 8, n - done));
  }
  bytes(out: number, n: number): void {
    this.all(n, (done) => this.kernels.orc_bytes(this.state, out + done, n - done));
  }
  bits(out: number, n: number, flip: 0 | 1): void {
    this.all(n, (done) => this.kernels.orc_bits(this.state, out + done, n - done, flip));
  }
  /** Integers of up to 128 bits, 16 bytes each. `next`: 4 bytes for the kernel. */
  wide(out: number, n: number, next: number): void {
    this.all(n, (done) => {
      const made = this.kernels.orc_wide(this.get(AT), this.get(END), n - done, out + done * 16, next);
      const at = this.host.memory.u32(next);
      if (at === 0 && n > done) throw new OrcDamage('a decimal is broken');
      this.set(AT, at);
      return made;
    });
  }
  /** Copies bytes as they are. */
  raw(out: number, bytes: number): void {
    this.all(bytes, (done) => {
      const at = this.get(AT);
      const n = Math.min(bytes - done, this.get(END) - at);
      this.host.memory.bytes.copyWithin(out + done, at, at + n);
      this.set(AT, at + n);
      return n;
    });
  }
  /** Address of the next bytes: where they are, or copied into the room. Stays until the next batch. */
  stretch(bytes: number, room: TextRoom): number {
    const at = this.get(AT);
    if (this.get(END) - at >= bytes) {
      this.set(AT, at + bytes);
      return at;
    }
    const copy = room.take(bytes);
    this.raw(copy, bytes);
    return copy;
  }
}
