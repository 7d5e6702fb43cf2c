/**
 * The bytes of a column chunk on their way into node memory: as much of them as a page needs, and the next part beside it. A part is
 * asked for only when the whole of it has room, so that a request never waits for the column it belongs to; so many requests are open
 * at a time, whatever the number of columns.
 */
import type { ByteSource, LoadHost } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import { ParquetDamage } from './thrift.ts';

/** Asked for at once. */
const PART_BYTES_MAX = 1024 * 1024;
const PART_BYTES_MIN = 64 * 1024;
/** Of the parts of all columns together. */
const PARTS_BYTES = 8 * 1024 * 1024;
const REQUESTS_MAX = 16;
/** Kernels read whole words behind the end of what is packed. */
export const SLACK_BYTES = 16;

export class Requests {
  private open = 0;
  readonly partBytes: number;
  constructor(
    readonly load: LoadHost,
    columns: number,
  ) {
    this.partBytes = Math.min(
      PART_BYTES_MAX,
      Math.max(PART_BYTES_MIN, Math.floor(PARTS_BYTES / Math.max(1, columns))),
    );
  }
  /** undefined: too many are open. */
  begin(piece: LoadPiece, start: number, end: number): ByteSource | undefined {
    if (this.open >= REQUESTS_MAX) return undefined;
    this.open++;
    return this.load.open({ ...piece, start, end });
  }
  end(source: ByteSource): void {
    this.open--;
    source.close();
  }
}

export class Window {
  /** First byte that was not taken. */
  at = 0;
  private end = 0;
  private area = 0;
  private capacity = 0;
  private source: ByteSource | undefined;
  private piece!: LoadPiece;
  /** Of the file: what is asked for next, and where the chunk ends. */
  private next = 0;
  private stop = 0;

  constructor(private readonly requests: Requests) {}
  begin(piece: LoadPiece, start: number, end: number): void {
    this.close();
    Object.assign(this, { piece, next: start, stop: end });
    const wanted = Math.min(end - start, this.requests.partBytes * 2);
    if (this.capacity < wanted) this.resize(wanted);
    this.at = this.end = this.area;
    this.ask();
  }
  get available(): number {
    return this.end - this.at;
  }
  get isThrough(): boolean {
    return this.total === 0;
  }
  /** Whether what was asked for is through with its source, too, which tells at its end that the object has changed. */
  ended(): boolean {
    if (this.source !== undefined && this.pending === 0) this.pump();
    return this.source === undefined || this.pending > 0;
  }
  /** Bytes that will ever be there. */
  get total(): number {
    return this.available + this.pending + this.stop - this.next;
  }
  private pending = 0;
  private resize(bytes: number): void {
    const { load } = this.requests;
    const area = load.allocate(bytes + SLACK_BYTES);
    const { available } = this;
    if (this.area !== 0) {
      load.memory.bytes.copyWithin(area, this.at, this.end);
      load.memory.free(this.area);
    }
    this.at = area;
    this.end = area + available;
    this.area = area;
    this.capacity = bytes;
  }
  /** Whether so many bytes are there; they are on the way when not. Throws when the chunk has not as many. */
  has(bytes: number): boolean {
    if (this.available >= bytes) return true;
    if (this.total < bytes) throw new ParquetDamage('a page ends behind its column');
    if (this.capacity < bytes) this.resize(Math.min(this.total, Math.max(bytes, this.capacity * 2)));
    this.pump();
    if (this.available < bytes) this.ask(true);
    return this.available >= bytes;
  }
  /** Takes in what has come and asks for more. */
  pump(): void {
    const { memory } = this.requests.load;
    while (this.source !== undefined) {
      const n = this.source.read(memory.bytes.subarray(this.end, this.area + this.capacity));
      if (n === 'wait') return;
      if (n === 0) {
        this.requests.end(this.source);
        this.source = undefined;
        if (this.pending > 0) throw new ParquetDamage('the file is shorter than it was');
        break;
      }
      this.end += n;
      this.pending -= n;
    }
    this.ask();
  }
  /** `any`: less than a whole part, too. */
  private ask(any = false): void {
    if (this.source !== undefined || this.next === this.stop) return;
    const part = Math.min(this.stop - this.next, this.requests.partBytes);
    const bytes = Math.min(part, this.capacity - this.available);
    if (bytes < part && (!any || bytes <= 0)) return;
    const source = this.requests.begin(this.piece, this.next, this.next + bytes);
    if (source === undefined) return;
    this.source = source;
    this.next += bytes;
    this.pending = bytes;
    if (this.area + this.capacity - this.end < bytes) {
      const { available } = this;
      this.requests.load.memory.bytes.copyWithin(this.area, this.at, this.end);
      this.at = this.area;
      this.end = this.area + available;
    }
  }
  close(): void {
    if (this.source !== undefined) this.requests.end(this.source);
    this.source = undefined;
    this.pending = 0;
  }
}
