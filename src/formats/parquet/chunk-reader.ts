/**
 * One column of a row group: its pages as they come, unpacked, with the levels of their values. Flat columns ask for NULLs and values,
 * nested ones for both levels.
 */
import { PARQUET_PAGE_BYTES_MAX } from '../../common/limits.ts';
import type { PieceCodec, PieceUnpacker } from '../columnar/unpack.ts';
import type { LoadHost } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import type { Form } from './forms.ts';
import type { ParquetKernels } from './kernels.ts';
import { ENCODING, pageHead, type ColumnChunk, type PageHead } from './metadata.ts';
import { PageValues } from './page-values.ts';
import type { SchemaNode } from './schema.ts';
import { ParquetDamage, ThriftShort } from './thrift.ts';
import { SLACK_BYTES, Window, type Requests } from './window.ts';

/** Heads with long statistics in them are larger than most. */
const HEAD_BYTES = 256;
const HEAD_BYTES_MAX = 1024 * 1024;
const HYBRID_BYTES = 32;

type DataHead = Extract<PageHead, { kind: 'data' }>;

/** An area that is as large as its largest content was. */
class Area {
  at = 0;
  private bytes = 0;
  constructor(private readonly load: LoadHost) {}
  room(bytes: number): number {
    if (this.bytes >= bytes + SLACK_BYTES) return this.at;
    if (this.at !== 0) this.load.memory.free(this.at);
    this.bytes = bytes + SLACK_BYTES;
    this.at = this.load.allocate(this.bytes);
    return this.at;
  }
}

export class ChunkReader {
  readonly window: Window;
  readonly values: PageValues;
  /** Of the page: values whose levels are still to come, NULLs included. */
  left = 0;
  private readonly page: Area;
  private readonly dictionary: Area;
  private readonly definitions: number;
  private readonly repetitions: number;
  private readonly kernels: ParquetKernels;
  private codec: PieceCodec = 'none';
  private head: { head: PageHead; bytes: number } | undefined;
  private hasDictionary = false;

  constructor(
    private readonly load: LoadHost,
    requests: Requests,
    private readonly unpacker: PieceUnpacker,
    readonly leaf: SchemaNode,
    form: Form,
    replace: number,
    private readonly crcTables: number,
  ) {
    this.kernels = load.kernels as unknown as ParquetKernels;
    this.window = new Window(requests);
    this.values = new PageValues(load, form, replace);
    this.page = new Area(load);
    this.dictionary = new Area(load);
    this.definitions = load.allocate(HYBRID_BYTES);
    this.repetitions = load.allocate(HYBRID_BYTES);
  }
  begin(piece: LoadPiece, chunk: ColumnChunk): void {
    if (chunk.type !== this.leaf.element.type)
      throw new ParquetDamage('a column is of another type than the schema says');
    this.codec = chunk.codec;
    this.left = 0;
    this.head = undefined;
    this.hasDictionary = false;
    this.values.forget();
    this.window.begin(piece, chunk.start, chunk.end);
  }
  /** Whether values of a page are there, or none will come (`left` is 0 then); false: they are on the way. */
  ready(): boolean {
    while (this.left === 0) {
      if (this.window.isThrough) return true;
      if (!this.nextPage()) return false;
    }
    return true;
  }
  private nextPage(): boolean {
    const { window } = this;
    this.head ??= this.readHead();
    if (this.head === undefined) return false;
    const { head, bytes } = this.head;
    if (head.bytes > PARQUET_PAGE_BYTES_MAX) throw new ParquetDamage('a page is too large');
    if (!window.has(bytes + head.stored)) return false;
    const at = window.at + bytes;
    if (head.crc !== undefined && this.kernels.crc32(this.crcTables, at, head.stored) !== head.crc)
      throw new ParquetDamage('a page has another checksum');
    if (head.kind === 'data') this.dataPage(head, at);
    else if (head.kind === 'dictionary') {
      if (this.hasDictionary) throw new ParquetDamage('a column has two dictionaries');
      this.hasDictionary = true;
      const to = this.dictionary.room(head.bytes);
      const n = this.unpacker.unpack(this.codec, at, head.stored, to, head.bytes);
      if (n !== head.bytes) throw new ParquetDamage('a page has another size than it says');
      this.values.setDictionary(to, to + n, head.values);
    }
    window.at += bytes + head.stored;
    this.head = undefined;
    return true;
  }
  private readHead(): { head: PageHead; bytes: number } | undefined {
    const { window, load } = this;
    for (let wanted = HEAD_BYTES; ; wanted *= 2) {
      const most = Math.min(wanted, window.total);
      if (!window.has(most)) return undefined;
      try {
        return pageHead(load.memory.bytes.subarray(window.at, window.at + most));
      } catch (error) {
        if (!(error instanceof ThriftShort) || most < wanted || wanted >= HEAD_BYTES_MAX) throw error;
      }
    }
  }
  private dataPage(head: DataHead, at: number): void {
    const { leaf, codec, kernels, unpacker, load } = this;
    let start: number;
    let end: number;
    if (head.levels === undefined) {
      start = this.page.room(head.bytes);
      end = start + unpacker.unpack(codec, at, head.stored, start, head.bytes);
      if (leaf.repetition > 0)
        start = this.openLevels(this.repetitions, start, end, leaf.repetition, head.repetitionEncoding);
      if (leaf.definition > 0)
        start = this.openLevels(this.definitions, start, end, leaf.definition, head.definitionEncoding);
    } else {
      const { repetition, definition } = head.levels;
      const levels = repetition + definition;
      start = this.page.room(head.bytes);
      load.memory.bytes.copyWithin(start, at, at + levels);
      kernels.hybrid_open(this.repetitions, start, start + repetition, widthOf(leaf.repetition));
      kernels.hybrid_open(this.definitions, start + repetition, start + levels, widthOf(leaf.definition));
      start += levels;
      const stored = head.stored - levels;
      const room = head.bytes - levels;
      if (room < 0) throw new ParquetDamage('levels are larger than their page');
      // A page of NULLs has no values, packed or not.
      end =
        stored === 0
          ? start
          : start + unpacker.unpack(head.isPacked ? codec : 'none', at + levels, stored, start, room);
    }
    this.values.start(head.encoding, start, end, head.values);
    this.left = head.values;
  }
  private openLevels(state: number, at: number, end: number, most: number, encoding: number): number {
    if (encoding !== ENCODING.rle) throw new ParquetDamage(`levels in encoding ${encoding} are not supported`);
    const { memory } = this.load;
    if (end - at < 4) throw new ParquetDamage('a page is too short');
    const bytes = memory.u32(at);
    if (bytes > end - at - 4) throw new ParquetDamage('levels end behind their page');
    this.kernels.hybrid_open(state, at + 4, at + 4 + bytes, widthOf(most));
    return at + 4 + bytes;
  }
  /** Null bytes of the next n of a flat column that may be NULL; values that are there. */
  nulls(n: number, out: number): number {
    const there = this.kernels.hybrid_nulls(this.definitions, out, n);
    if (there < 0) throw new ParquetDamage('a page has too few levels');
    this.left -= n;
    return there;
  }
  /** Of a required column. */
  skipLevels(n: number): void {
    this.left -= n;
  }
  /** Levels of the next n, four bytes each; levels that are always 0 are not written. */
  levels(n: number, repetitions: number, definitions: number): void {
    const { leaf, kernels } = this;
    if (leaf.repetition > 0 && kernels.hybrid_read(this.repetitions, repetitions, n) === 0)
      throw new ParquetDamage('a page has too few levels');
    if (leaf.definition > 0 && kernels.hybrid_read(this.definitions, definitions, n) === 0)
      throw new ParquetDamage('a page has too few levels');
    this.left -= n;
  }
  close(): void {
    this.window.close();
  }
}
const widthOf = (most: number): number => (most === 0 ? 0 : 32 - Math.clz32(most));
