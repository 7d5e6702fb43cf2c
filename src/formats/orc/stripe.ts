/**
 * A stripe on its way to a slice: its footer first, then the streams of data, in ranges that leave the indexes out, as they are stored.
 */
import { ORC_STRIPE_BYTES_MAX } from '../../common/limits.ts';
import type { PieceCodec } from '../columnar/unpack.ts';
import type { ByteSource, LoadHost } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import { SLACK_BYTES, unpackMetadata } from './chunks.ts';
import { Gathering } from './footer.ts';
import {
  readStripeFooter,
  STREAM,
  type OrcEncoding,
  type OrcFile,
  type OrcStream,
  type OrcStripe,
  type StreamKind,
  type StripeFooter,
} from './metadata.ts';
import { OrcDamage } from './protobuf.ts';
import type { Stored } from './window.ts';

/** A stripe of at most so many bytes is asked for at once, indexes and all. */
const WHOLE_BYTES_MAX = 1024 * 1024;
/** Streams nearer to each other are asked for at once. */
const GAP_BYTES = 64 * 1024;
const DATA: ReadonlySet<number> = new Set(Object.values(STREAM));

interface Range {
  readonly start: number;
  end: number;
}
function rangesOf(streams: readonly OrcStream[]): readonly Range[] {
  const ranges: Range[] = [];
  for (const { start, bytes } of [...streams].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last !== undefined && start - last.end <= GAP_BYTES) last.end = Math.max(last.end, start + bytes);
    else ranges.push({ start, end: start + bytes });
  }
  return ranges;
}

/** What columns read of a stripe. */
export interface StripeData {
  readonly rows: number;
  readonly codec: PieceCodec;
  readonly blockBytes: number;
  readonly zone: string;
  encoding(column: number): OrcEncoding;
  /** undefined: there is none. */
  stream(column: number, kind: StreamKind): Stored | undefined;
}

export class StripeRequest {
  private gathering: Gathering | undefined;
  private footer: StripeFooter | undefined;
  private streams: readonly OrcStream[] = [];
  private ranges: readonly { readonly range: Range; readonly at: number }[] = [];
  private area = 0;
  private source: ByteSource | undefined;
  private index = 0;
  private used = 0;
  private readonly isWhole: boolean;
  private ready: StripeData | undefined;

  constructor(
    private readonly load: LoadHost,
    private readonly piece: LoadPiece,
    private readonly file: OrcFile,
    private readonly stripe: OrcStripe,
  ) {
    const footer = stripe.offset + stripe.indexBytes + stripe.dataBytes;
    const end = footer + stripe.footerBytes;
    this.isWhole = end - stripe.offset <= WHOLE_BYTES_MAX;
    this.gathering = new Gathering(load, piece, this.isWhole ? stripe.offset : footer, end);
  }
  /** undefined: it is on the way. */
  read(): StripeData | undefined {
    if (this.gathering !== undefined) {
      const bytes = this.gathering.read();
      if (bytes === undefined) return undefined;
      this.gathering.close();
      this.gathering = undefined;
      this.setFooter(this.isWhole ? bytes.subarray(bytes.length - this.stripe.footerBytes) : bytes);
      if (this.isWhole) this.takeWhole(bytes);
      else this.place();
    }
    if (this.ready === undefined && this.fetch()) this.ready = this.data();
    return this.ready;
  }
  private setFooter(stored: Uint8Array): void {
    const { codec, blockBytes } = this.file;
    this.footer = readStripeFooter(unpackMetadata(this.load, codec, blockBytes, stored), this.stripe);
    this.streams = this.footer.streams.filter((s) => DATA.has(s.kind) && s.bytes > 0);
  }
  private takeWhole(bytes: Uint8Array): void {
    const start = this.stripe.offset;
    this.area = this.load.allocate(bytes.length + SLACK_BYTES);
    this.load.memory.bytes.set(bytes, this.area);
    this.ranges = [{ range: { start, end: start + bytes.length }, at: this.area }];
    this.index = 1;
  }
  private place(): void {
    const ranges = rangesOf(this.streams);
    const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    if (total > ORC_STRIPE_BYTES_MAX) throw new OrcDamage('a stripe is too large');
    this.area = this.load.allocate(total + SLACK_BYTES);
    let at = this.area;
    this.ranges = ranges.map((range) => {
      const here = { range, at };
      at += range.end - range.start;
      return here;
    });
  }
  private fetch(): boolean {
    const { memory } = this.load;
    for (; this.index < this.ranges.length; this.index++) {
      const { range, at } = this.ranges[this.index]!;
      const bytes = range.end - range.start;
      this.source ??= this.load.open({ ...this.piece, start: range.start, end: range.end });
      while (this.used < bytes) {
        const n = this.source.read(memory.bytes.subarray(at + this.used, at + bytes));
        if (n === 'wait') return false;
        if (n === 0) throw new OrcDamage('the file is shorter than it was');
        this.used += n;
      }
      this.source.close();
      this.source = undefined;
      this.used = 0;
    }
    return true;
  }
  private data(): StripeData {
    const stored = new Map<string, Stored>();
    for (const { column, kind, start, bytes } of this.streams) {
      const { range, at } = this.ranges.find((r) => r.range.start <= start && start + bytes <= r.range.end)!;
      stored.set(`${column} ${kind}`, { at: at + start - range.start, bytes });
    }
    const { encodings, zone } = this.footer!;
    return {
      rows: this.stripe.rows,
      codec: this.file.codec,
      blockBytes: this.file.blockBytes,
      zone,
      encoding: (column) => {
        const encoding = encodings[column];
        if (encoding === undefined) throw new OrcDamage('a column has no encoding');
        return encoding;
      },
      stream: (column, kind) => stored.get(`${column} ${kind}`),
    };
  }
  close(): void {
    this.gathering?.close();
    this.source?.close();
    if (this.area !== 0) this.load.memory.free(this.area);
    this.area = 0;
  }
}
