/**
 * BZIP2 data unpacked by the kernels of runtime/bzip2.ts, over a memory of their own: a page, the state, the text, then the data's bytes,
 * as many as a block needs. Callers: objects of COPY (s3/codecs/bzip2.ts), blocks of record files (formats/columnar/unpack.ts).
 */
import { kernelsModule } from './kernels-module.ts';
import { NO_LONG_VALUES } from './memory-map.ts';

/** What the kernel says of the next block. */
const READY = 0;
const NEED_INPUT = 1;
const MEMBER_END = 2;
const FAULTS: Readonly<Record<number, string>> = {
  3: 'not a bzip2 file',
  4: 'a block cannot be read',
  5: 'a member has another checksum',
  6: 'blocks of before version 0.9.5 are not supported',
};
/** Fields of the state. */
const STATE = { IN: 0, BYTES: 4, BIT: 8, LEVEL: 12 } as const;

interface Kernels {
  bzip2_state_bytes(): number;
  bzip2_open(state: number): void;
  bzip2_block(state: number, lane: number): number;
  bzip2_walk(state: number, lanes: number): void;
  bzip2_text(state: number, lane: number, to: number, room: number): number;
}
/** Blocks that are put into their order side by side. */
const LANES = 4;
/** Between two kernels: a good moment for other work. */
const PAUSE = new Uint8Array(0);
const PAGE = 65536;
/** Blocks are looked for when so much is there: one of which bytes are missing is read again. */
const TRY_BYTES = 512 * 1024;
/** No block is longer: 900,000 codes of 20 bits, and what stands in front of them. */
const INPUT_BYTES_MAX = 4 * 1024 * 1024;
/** Bytes behind the input that may be read. */
const SLACK_BYTES = 256;
const TEXT_BYTES = 256 * 1024;
/** Of one that is kept for the next data. */
const KEPT_BYTES_MAX = 24 * 1024 * 1024;

export class Bzip2Unpacker {
  private static kept: Bzip2Unpacker | undefined;
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  private readonly kernels: Kernels;
  private readonly text: number;
  private readonly input: number;
  private bytes = 0;
  private wanted = TRY_BYTES;
  private lanes = 0;
  private constructor() {
    const env = { memory: this.memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
    this.kernels = new WebAssembly.Instance(kernelsModule(), { env }).exports as unknown as Kernels;
    this.text = PAGE + Math.ceil(this.kernels.bzip2_state_bytes() / PAGE) * PAGE;
    this.input = this.text + TEXT_BYTES;
    this.memory.grow(this.input / PAGE - 1);
  }
  /** A fresh one, or the one that was given back on this thread. */
  static take(): Bzip2Unpacker {
    const unpacker = Bzip2Unpacker.kept ?? new Bzip2Unpacker();
    Bzip2Unpacker.kept = undefined;
    unpacker.bytes = 0;
    unpacker.wanted = TRY_BYTES;
    unpacker.lanes = 0;
    unpacker.kernels.bzip2_open(PAGE);
    return unpacker;
  }
  giveBack(): void {
    if (this.memory.buffer.byteLength <= KEPT_BYTES_MAX) Bzip2Unpacker.kept = this;
  }
  private field(offset: number): number {
    return new Uint32Array(this.memory.buffer, PAGE + offset, 1)[0]!;
  }
  private setField(offset: number, value: number): void {
    new Uint32Array(this.memory.buffer, PAGE + offset, 1)[0] = value;
  }
  /** Bytes that were not read yet. */
  private get waiting(): number {
    return this.bytes - (this.field(STATE.BIT) >> 3);
  }
  private add(piece: Uint8Array): void {
    const read = this.field(STATE.BIT) >> 3;
    const missing = this.input + this.bytes - read + piece.length + SLACK_BYTES - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    const all = new Uint8Array(this.memory.buffer);
    if (read > 0) all.copyWithin(this.input, this.input + read, this.input + this.bytes);
    this.bytes -= read;
    this.setField(STATE.BIT, this.field(STATE.BIT) & 7);
    all.set(piece, this.input + this.bytes);
    this.bytes += piece.length;
  }
  /** Texts of blocks that are there once the piece is, with pauses between, which are empty; gives what is wrong with the data, if anything is. */
  *unpack(piece: Uint8Array): Generator<Uint8Array, string | undefined> {
    this.add(piece);
    if (this.waiting < this.wanted) return undefined;
    const fault = yield* this.blocks(false);
    this.wanted = Math.max(TRY_BYTES, this.waiting * 2);
    return fault ?? (this.waiting > INPUT_BYTES_MAX ? FAULTS[4] : undefined);
  }
  /** The same when no more bytes come. */
  *end(): Generator<Uint8Array, string | undefined> {
    const fault = yield* this.blocks(true);
    const isWhole = this.waiting === 0 && this.field(STATE.LEVEL) === 0;
    return fault ?? (isWhole ? undefined : 'the file ends in the middle');
  }
  private *blocks(isEnd: boolean): Generator<Uint8Array, string | undefined> {
    for (;;) {
      this.setField(STATE.IN, this.input);
      this.setField(STATE.BYTES, this.bytes);
      const result = this.kernels.bzip2_block(PAGE, this.lanes);
      if (result === NEED_INPUT) return isEnd ? yield* this.texts() : undefined;
      if (result === MEMBER_END) continue;
      // What stands in front of the fault is right.
      if (result !== READY) return (yield* this.texts()) ?? FAULTS[result];
      yield PAUSE;
      if (++this.lanes < LANES) continue;
      const fault = yield* this.texts();
      if (fault !== undefined) return fault;
    }
  }
  /** Of the lanes. */
  private *texts(): Generator<Uint8Array, string | undefined> {
    this.kernels.bzip2_walk(PAGE, this.lanes);
    yield PAUSE;
    for (let lane = 0; lane < this.lanes; lane++)
      for (;;) {
        const n = this.kernels.bzip2_text(PAGE, lane, this.text, TEXT_BYTES);
        if (n < 0) return 'a block has another checksum';
        if (n === 0) break;
        yield new Uint8Array(this.memory.buffer, this.text, n).slice();
      }
    this.lanes = 0;
    return undefined;
  }
}
