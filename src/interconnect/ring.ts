/**
 * Exchange rings: the interconnect between slices (and the leader). An edge of a query is one SharedArrayBuffer with a
 * ring per (sender, receiver); each ring has one writer and one reader, so rows need no locks, and a full ring holds up
 * only its own query, edge and sender.
 *
 *   edge:  u32 senders, u32 receivers, u32 ring bytes, u32 pad, then rings [sender][receiver]
 *   ring:  u32 written  u32 read  u32 ended  u32 closed,  then ring bytes
 *
 * `written` and `read` count bytes modulo 2^32. A frame is u32 length, u32 pad, that many bytes, and up to 7 more, so that each
 * begins at a whole word: shared memory is copied a word at a time where both ends lie alike, else byte by byte. It may be longer than the
 * ring: the writer sends it in pieces and the reader puts it together. Of a LONG frame, which the highest bit of the length
 * says, nobody ever has the whole: its bytes are made when there is room, and taken as they come. A reader that wants no more (LIMIT) closes the ring:
 * what its sender still writes is dropped, so that no sender waits for ever on a ring nobody reads.
 */
import { assert } from '../common/assert.ts';
import { EDGE_POOL_BYTES_MAX, RING_BYTES_MAX } from '../common/limits.ts';

const EDGE_HEADER = 16;
const RING_HEADER = 16;
const WRITTEN = 0;
const READ = 1;
const ENDED = 2;
const CLOSED = 3;
const LONG_BIT = 0x80000000;
const HEAD_BYTES = 8;
const WORD_BYTES = 8;
const PADDING = new Uint8Array(WORD_BYTES);
const paddingOf = (length: number): number => -length & (WORD_BYTES - 1);
/** Edges taken until what was out at once is no longer what counts; twice as many, until it is forgotten. */
const PEAK_TAKES = 1_000;

/** Bytes that are made when they are sent. */
export interface LateBytes {
  readonly length: number;
  read(from: number, into: Uint8Array): void;
}

/** Bytes of one ring for this many rings: large for few slices, small for many. */
export function ringBytes(senders: number, receivers: number): number {
  const budget = 8 * 1024 * 1024;
  const each = budget / (senders * receivers);
  return Math.min(RING_BYTES_MAX, 2 ** Math.max(12, Math.floor(Math.log2(each))));
}

export function createEdge(
  senders: number,
  receivers: number,
  bytes = ringBytes(senders, receivers),
): SharedArrayBuffer {
  const sab = new SharedArrayBuffer(EDGE_HEADER + senders * receivers * (RING_HEADER + bytes));
  new Uint32Array(sab, 0, 4).set([senders, receivers, bytes, 0]);
  return sab;
}

/**
 * Edges of ended queries, for the next ones: their pages are there already. Only an edge that nobody writes, reads or
 * closes any more may be given back, so those of a failed or cancelled query never are (`lose`).
 *
 * Shared memory that nobody holds any more does not press on the collector of any thread, and is there until each of them has
 * collected by itself: a query of a hundred edges over 32 slices left 800 MB behind, and so did the next one. So what
 * queries held at once is kept beyond the bound, and let go when the next thousands of edges are fewer at once.
 */
export class EdgePool {
  private readonly free = new Map<string, SharedArrayBuffer[]>();
  private bytes = 0;
  private bytesOut = 0;
  /** What was out at once, lately and in the time before. */
  private peak = 0;
  private peakBefore = 0;
  private taken = 0;
  constructor(private readonly bytesMax = EDGE_POOL_BYTES_MAX) {}

  take(senders: number, receivers: number): SharedArrayBuffer {
    const key = `${senders} ${receivers}`;
    const list = this.free.get(key) ?? [];
    const pooled = list.pop();
    // What is asked for goes behind the rest.
    this.free.delete(key);
    if (list.length > 0) this.free.set(key, list);
    const edge = pooled ?? createEdge(senders, receivers);
    if (pooled !== undefined) this.bytes -= edge.byteLength;
    if (++this.taken % PEAK_TAKES === 0) [this.peakBefore, this.peak] = [this.peak, 0];
    this.bytesOut += edge.byteLength;
    this.peak = Math.max(this.peak, this.bytesOut);
    return edge;
  }
  /** It is not coming back. */
  lose(edge: SharedArrayBuffer): void {
    this.bytesOut -= edge.byteLength;
  }
  give(edge: SharedArrayBuffer): void {
    this.bytesOut -= edge.byteLength;
    this.makeRoom(edge.byteLength);
    if (this.bytes + edge.byteLength > this.room) return;
    const words = new Int32Array(edge);
    const [senders = 0, receivers = 0, bytes = 0] = words;
    for (let ring = 0; ring < senders * receivers; ring++) {
      const at = (EDGE_HEADER + ring * (RING_HEADER + bytes)) / 4;
      words.fill(0, at, at + RING_HEADER / 4);
    }
    const key = `${senders} ${receivers}`;
    const list = this.free.get(key);
    if (list === undefined) this.free.set(key, [edge]);
    else list.push(edge);
    this.bytes += edge.byteLength;
  }
  /** Bytes that may wait here. */
  private get room(): number {
    return Math.max(this.bytesMax, this.peak, this.peakBefore) - this.bytesOut;
  }
  /** Lets go of edges, first of the shapes that were not asked for longest. */
  private makeRoom(wanted: number): void {
    for (const [key, list] of this.free) {
      for (let edge = list.at(-1); edge !== undefined && this.bytes + wanted > this.room; edge = list.at(-1)) {
        list.pop();
        this.bytes -= edge.byteLength;
      }
      if (list.length === 0) this.free.delete(key);
    }
  }
}

/** Empties a receiver's rings of an edge that nobody uses meanwhile, for its next round. */
export function resetRings(edge: SharedArrayBuffer, receiver: number): void {
  const [senders = 0, receivers = 0, bytes = 0] = new Uint32Array(edge, 0, 4);
  for (let sender = 0; sender < senders; sender++) {
    const at = EDGE_HEADER + (sender * receivers + receiver) * (RING_HEADER + bytes);
    const words = new Int32Array(edge, at, RING_HEADER / 4);
    for (const word of words.keys()) Atomics.store(words, word, 0);
  }
}

class Ring {
  protected readonly words: Int32Array;
  protected readonly data: Uint8Array;
  protected readonly capacity: number;
  constructor(edge: SharedArrayBuffer, sender: number, receiver: number) {
    const [, receivers, bytes] = new Uint32Array(edge, 0, 4);
    const at = EDGE_HEADER + (sender * receivers! + receiver) * (RING_HEADER + bytes!);
    this.capacity = bytes!;
    this.words = new Int32Array(edge, at, 4);
    this.data = new Uint8Array(edge, at + RING_HEADER, bytes);
  }
  protected used(): number {
    return (Atomics.load(this.words, WRITTEN) - Atomics.load(this.words, READ)) >>> 0;
  }
  /** The reader wants no more. */
  get closed(): boolean {
    return Atomics.load(this.words, CLOSED) === 1;
  }
}

/** The sending end. A frame is offered with begin() and pushed until write() says it is complete. */
export class RingWriter extends Ring {
  private parts: (Uint8Array | LateBytes)[] = [];
  private position = 0;
  bytesSent = 0;

  get idle(): boolean {
    return this.parts.length === 0;
  }
  /** Starts a frame made of these pieces; they must stay unchanged until it is complete. */
  begin(...pieces: Uint8Array[]): void {
    this.beginFrame(pieces, 0);
  }
  beginLong(...pieces: (Uint8Array | LateBytes)[]): void {
    this.beginFrame(pieces, LONG_BIT);
  }
  private beginFrame(pieces: readonly (Uint8Array | LateBytes)[], bit: number): void {
    assert(this.idle, 'a frame is still being sent');
    const length = pieces.reduce((n, p) => n + p.length, 0);
    assert(length < LONG_BIT, 'a frame that is too long');
    const head = new Uint8Array(HEAD_BYTES);
    new DataView(head.buffer).setUint32(0, length + bit, true);
    this.parts = [head, ...pieces, PADDING.subarray(0, paddingOf(length))];
    this.position = 0;
  }
  /** Copies as much as fits; true when the frame is complete, or dropped because the reader wants no more. */
  write(): boolean {
    if (this.closed) {
      this.parts = [];
      this.position = 0;
      return true;
    }
    let free = this.capacity - this.used();
    let at = Atomics.load(this.words, WRITTEN) >>> 0;
    while (this.parts.length > 0 && (free > 0 || this.parts[0]!.length === 0)) {
      const part = this.parts[0]!;
      const offset = at % this.capacity;
      const n = Math.min(part.length - this.position, free, this.capacity - offset);
      if (part instanceof Uint8Array) this.data.set(part.subarray(this.position, this.position + n), offset);
      else part.read(this.position, this.data.subarray(offset, offset + n));
      at = (at + n) >>> 0;
      free -= n;
      this.position += n;
      this.bytesSent += n;
      if (this.position === part.length) {
        this.parts.shift();
        this.position = 0;
      }
    }
    Atomics.store(this.words, WRITTEN, at | 0);
    return this.idle;
  }
  end(): void {
    assert(this.idle, 'ending a ring in the middle of a frame');
    Atomics.store(this.words, ENDED, 1);
  }
}

/** The receiving end. */
export class RingReader extends Ring {
  private readonly head = new Uint8Array(HEAD_BYTES);
  private headBytes = 0;
  /** What is left of the last frame's. */
  private padding = 0;
  /** Of the frame that is coming; undefined: its head is not here. */
  private length: number | undefined;
  private isLong = false;
  private frame: Uint8Array | undefined;
  private filled = 0;
  bytesReceived = 0;

  /** Hands out what has arrived, at most so many bytes, in pieces that are valid during the call. */
  private take(bytes: number, into: (piece: Uint8Array) => void): number {
    let available = Math.min(bytes, this.used());
    let at = Atomics.load(this.words, READ) >>> 0;
    const taken = available;
    while (available > 0) {
      const offset = at % this.capacity;
      const step = Math.min(available, this.capacity - offset);
      into(this.data.subarray(offset, offset + step));
      at = (at + step) >>> 0;
      available -= step;
    }
    Atomics.store(this.words, READ, at | 0);
    return taken;
  }
  /** What is coming, once its head is here: a frame, or a long one. */
  coming(): 'frame' | 'long' | undefined {
    if (this.length === undefined) {
      this.skipPadding();
      this.take(HEAD_BYTES - this.headBytes, (piece) => {
        this.head.set(piece, this.headBytes);
        this.headBytes += piece.length;
      });
      if (this.headBytes < HEAD_BYTES) return undefined;
      const word = new DataView(this.head.buffer).getUint32(0, true);
      this.isLong = word >= LONG_BIT;
      this.length = this.isLong ? word - LONG_BIT : word;
      this.filled = 0;
    }
    return this.isLong ? 'long' : 'frame';
  }
  /**
   * Takes what has arrived of a frame. When its length is known `place` gives the memory for it; the frame is returned
   * when it is complete, undefined while bytes are missing.
   */
  read(place: (length: number) => Uint8Array): Uint8Array | undefined {
    if (this.coming() === undefined) return undefined;
    assert(!this.isLong, 'a long frame is taken as it comes');
    const frame = (this.frame ??= place(this.length!));
    this.take(this.length! - this.filled, (piece) => {
      frame.set(piece, this.filled);
      this.filled += piece.length;
    });
    if (this.filled < this.length!) return undefined;
    this.frame = undefined;
    this.endFrame();
    return frame;
  }
  /** Length of the long frame that is coming. */
  get longLength(): number {
    return this.length!;
  }
  /** Takes what has arrived of a long frame, at most so many bytes; true when that was the last of it. */
  readLong(take: (piece: Uint8Array) => void, bytesMax = Infinity): boolean {
    this.take(Math.min(this.length! - this.filled, bytesMax), (piece) => {
      take(piece);
      this.filled += piece.length;
    });
    if (this.filled < this.length!) return false;
    this.endFrame();
    return true;
  }
  private endFrame(): void {
    this.bytesReceived += this.filled + HEAD_BYTES;
    this.padding = paddingOf(this.filled);
    this.length = undefined;
    this.headBytes = 0;
    this.skipPadding();
  }
  private skipPadding(): void {
    if (this.padding > 0) this.padding -= this.take(this.padding, () => undefined);
  }
  /** The sender will send nothing more and everything has been read. */
  get ended(): boolean {
    return Atomics.load(this.words, ENDED) === 1 && this.used() === 0 && this.headBytes === 0;
  }
  /** Ends the edge from this side; the caller rings the sender's bell. */
  close(): void {
    Atomics.store(this.words, CLOSED, 1);
  }
  get hasData(): boolean {
    return this.used() > 0;
  }
}

/**
 * Doorbells: one i32 per slice and one for the leader (the last). Whoever gives a participant something to do adds one
 * and notifies; a participant that finds nothing to do waits until its bell differs from what it last saw.
 */
export class Doorbells {
  private readonly bells: Int32Array;
  constructor(readonly buffer: SharedArrayBuffer) {
    this.bells = new Int32Array(buffer);
  }
  static create(participants: number): Doorbells {
    return new Doorbells(new SharedArrayBuffer(participants * 4));
  }
  ring(participant: number): void {
    Atomics.add(this.bells, participant, 1);
    Atomics.notify(this.bells, participant);
  }
  seen(participant: number): number {
    return Atomics.load(this.bells, participant);
  }
  /** Blocks this thread (slices only). */
  wait(participant: number, seen: number, timeoutMs: number): void {
    Atomics.wait(this.bells, participant, seen, timeoutMs);
  }
  /** Resolves when the bell differs from `seen` (leader). */
  waitAsync(participant: number, seen: number): Promise<unknown> | undefined {
    const r = Atomics.waitAsync(this.bells, participant, seen, 60_000);
    return r.async ? r.value : undefined;
  }
}
