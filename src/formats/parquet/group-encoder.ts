/**
 * Rows to the column chunks of a row group: pages of so many rows, each column numbered by a dictionary as long as that pays, levels and
 * numbers packed, pages compressed with Snappy. What is done waits in the heap, packed; node memory holds one page of every column.
 */
import { assert } from '../../common/assert.ts';
import { datetimeResult } from '../../common/errors/catalogue.ts';
import { ENCODING, PHYSICAL_TYPES } from './metadata.ts';
import { thriftBytes, type ThriftField } from './thrift.ts';
import { ROW_KIND, type WrittenColumn, type WrittenType } from './written-type.ts';

/** What the encoder works with: node memory of a query, or a memory of its own. */
export interface EncoderHost {
  readonly memory: { readonly bytes: Uint8Array; readonly view: DataView };
  readonly kernels: WebAssembly.Exports;
  allocate(bytes: number): number;
  free(address: number): void;
}
interface WriteKernels {
  page_rows(at: number, end: number, columns: number, count: number, row: number, most: number): bigint;
  pack_bits(values: number, n: number, out: number): number;
  pack_big_endian(values: number, n: number, width: number, out: number): void;
  dictionary_4: NumberDictionary;
  dictionary_8: NumberDictionary;
  dictionary_text(
    values: number,
    n: number,
    starts: number,
    cell: number,
    room: number,
    table: number,
    shift: number,
    most: number,
    out: number,
  ): number;
  hybrid_write(values: number, n: number, width: number, out: number): number;
  levels_write(levels: number, n: number, out: number): number;
  snappy_compress(from: number, bytes: number, out: number, table: number): number;
}
type NumberDictionary = (
  values: number,
  n: number,
  entries: number,
  cell: number,
  table: number,
  shift: number,
  most: number,
  out: number,
) => number;

const PAGE_ROWS = 20_000;
/** Strings of a column after which a page ends. */
const PAGE_TEXT_BYTES = 1024 * 1024;
const COLUMN_BYTES = 32;
const DICTIONARY_MAX = 1 << 16;
const TABLE_BITS = 17;
const DICTIONARY_TEXT_BYTES = 1024 * 1024;
/** Of a page's values; more, and numbers save nothing. */
const DICTIONARY_SHARE = 0.7;
const FULL_SHARE = 0.9;
const SNAPPY_TABLE_BYTES = 32_768;
const SNAPPY_CODEC = 1;
const SLACK_BYTES = 64;

/** What a row group is in the footer, with offsets from its first byte. */
export interface EncodedGroup {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly rows: number;
  footer(offset: number): ThriftField;
}
interface Page {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  readonly unpacked: number;
}

class ColumnState {
  readonly levels: number;
  values: number;
  capacity: number;
  pages: Page[] = [];
  nulls = 0;
  isNumbered: boolean;
  hasPlain = false;
  /** The last group's did not pay. */
  gaveUp = false;
  private readonly table: number = 0;
  private readonly entries: number = 0;
  private readonly starts: number = 0;
  private readonly cell: number;

  constructor(
    private readonly host: EncoderHost,
    readonly type: WrittenType,
    /** Its state for page_rows. */
    readonly state: number,
  ) {
    const { kind } = type;
    this.levels = host.allocate(PAGE_ROWS + SLACK_BYTES);
    this.capacity = kind === ROW_KIND.text ? PAGE_TEXT_BYTES * 2 : PAGE_ROWS * 16 + SLACK_BYTES;
    this.values = host.allocate(this.capacity);
    this.cell = host.allocate(8);
    this.isNumbered = this.canNumber;
    if (this.canNumber) {
      this.table = host.allocate(4 << TABLE_BITS);
      this.entries = host.allocate(kind === ROW_KIND.text ? DICTIONARY_TEXT_BYTES : DICTIONARY_MAX * 8);
      if (kind === ROW_KIND.text) this.starts = host.allocate(DICTIONARY_MAX * 4);
    }
    host.memory.view.setUint32(state, kind, true);
    host.memory.view.setUint32(state + 8, this.levels, true);
    host.memory.view.setBigInt64(state + 16, type.add, true);
    this.beginGroup();
    this.beginPage();
  }
  private get canNumber(): boolean {
    const { kind } = this.type;
    return kind === ROW_KIND.four || kind === ROW_KIND.eight || kind === ROW_KIND.text;
  }
  get cursor(): number {
    return this.host.memory.view.getUint32(this.state + 4, true);
  }
  get there(): number {
    return this.host.memory.view.getUint32(this.state + 12, true);
  }
  beginPage(): void {
    this.host.memory.view.setUint32(this.state + 4, this.values, true);
    this.host.memory.view.setUint32(this.state + 12, 0, true);
  }
  beginGroup(): void {
    const { memory } = this.host;
    this.pages = [];
    this.nulls = 0;
    this.hasPlain = false;
    this.isNumbered = this.canNumber && !this.gaveUp;
    this.gaveUp = false;
    memory.view.setUint32(this.cell, 0, true);
    if (!this.isNumbered) return;
    memory.bytes.fill(0, this.table, this.table + (4 << TABLE_BITS));
    memory.view.setUint32(this.cell + 4, this.entries, true);
  }
  /** Room for so many bytes more of strings. */
  reserve(bytes: number): void {
    if (this.type.kind !== ROW_KIND.text) return;
    const used = this.cursor - this.values;
    if (this.capacity - used >= bytes + SLACK_BYTES) return;
    const capacity = Math.max(this.capacity * 2, used + bytes + SLACK_BYTES);
    const values = this.host.allocate(capacity);
    this.host.memory.bytes.copyWithin(values, this.values, this.values + used);
    this.host.free(this.values);
    Object.assign(this, { values, capacity });
    this.host.memory.view.setUint32(this.state + 4, values + used, true);
  }
  get dictionaryCount(): number {
    return this.host.memory.view.getUint32(this.cell, true);
  }
  /** Bytes of its entries in the PLAIN form. */
  get dictionaryBytes(): { readonly at: number; readonly bytes: number } {
    const { kind, width } = this.type;
    if (kind !== ROW_KIND.text) return { at: this.entries, bytes: this.dictionaryCount * width };
    return { at: this.entries, bytes: this.host.memory.view.getUint32(this.cell + 4, true) - this.entries };
  }
  /** Numbers the page's values; false: it does not pay any more. */
  number(kernels: WriteKernels, out: number): boolean {
    const { kind } = this.type;
    const n = this.there;
    const shift = 64 - TABLE_BITS;
    const { values, cell, table, entries, starts } = this;
    const isFirst = this.dictionaryCount === 0;
    const done =
      kind === ROW_KIND.text
        ? kernels.dictionary_text(
            values,
            n,
            starts,
            cell,
            entries + DICTIONARY_TEXT_BYTES,
            table,
            shift,
            DICTIONARY_MAX,
            out,
          )
        : kernels[kind === ROW_KIND.four ? 'dictionary_4' : 'dictionary_8'](
            values,
            n,
            entries,
            cell,
            table,
            shift,
            DICTIONARY_MAX,
            out,
          );
    if (done === 1 && !(isFirst && n > 1000 && this.dictionaryCount > n * DICTIONARY_SHARE)) return true;
    this.isNumbered = false;
    this.gaveUp = true;
    // Of a first page nothing is numbered.
    if (isFirst) this.host.memory.view.setUint32(this.cell, 0, true);
    return false;
  }
}

export class GroupEncoder {
  /** Packed bytes so far. */
  bytes = 0;
  rows = 0;
  private pageRows = 0;
  private readonly kernels: WriteKernels;
  private readonly columns: readonly ColumnState[];
  private readonly states: number;
  private readonly indices: number;
  private readonly table: number;
  private page = 0;
  private pageBytes = 0;
  private packed = 0;
  private packedBytes = 0;

  constructor(
    private readonly host: EncoderHost,
    private readonly names: readonly WrittenColumn[],
    types: readonly WrittenType[],
  ) {
    this.kernels = host.kernels as unknown as WriteKernels;
    this.states = host.allocate(Math.max(1, types.length) * COLUMN_BYTES);
    this.columns = types.map((type, i) => new ColumnState(host, type, this.states + i * COLUMN_BYTES));
    this.indices = host.allocate(PAGE_ROWS * 4 + SLACK_BYTES);
    this.table = host.allocate(SNAPPY_TABLE_BYTES);
  }
  /** Rows that lie in memory, until the group is full; gives the address behind those it took. */
  take(from: number, end: number, mostBytes: number): number {
    let at = from;
    while (at < end && !this.isFull(mostBytes)) {
      // One row at least has room: a column has no more than all that is left.
      for (const column of this.columns) column.reserve(end - at);
      const most = PAGE_ROWS - this.pageRows;
      const taken = this.kernels.page_rows(at, end, this.states, this.columns.length, this.pageRows, most);
      if (taken === -1n) throw datetimeResult('timestamp of Parquet');
      const rows = Number(taken & 0xffffffffn);
      at = Number(taken >> 32n) >>> 0;
      this.pageRows += rows;
      const isLong = this.columns.some((c) => c.cursor - c.values > PAGE_TEXT_BYTES);
      if (this.pageRows === PAGE_ROWS || isLong || this.bytes + this.plainBytes >= mostBytes) this.endPage();
    }
    return at;
  }
  /** Of the page as it is, and of dictionaries: they may become as large as that. */
  private get plainBytes(): number {
    return this.columns.reduce((sum, c) => sum + c.cursor - c.values + c.dictionaryBytes.bytes, 0);
  }
  /** Whether the next page may be too much. */
  isFull(mostBytes: number): boolean {
    return this.pageRows === 0 && this.bytes + this.plainBytes >= mostBytes * FULL_SHARE;
  }
  get isEmpty(): boolean {
    return this.rows === 0 && this.pageRows === 0;
  }
  private room(which: 'page' | 'packed', bytes: number): number {
    const size = which === 'page' ? 'pageBytes' : 'packedBytes';
    if (this[size] < bytes) {
      if (this[which] !== 0) this.host.free(this[which]);
      this[size] = bytes + bytes / 4;
      this[which] = this.host.allocate(this[size]);
    }
    return this[which];
  }
  private endPage(): void {
    const n = this.pageRows;
    for (const column of this.columns) {
      this.addPage(column, n);
      column.nulls += n - column.there;
      column.beginPage();
    }
    this.rows += n;
    this.pageRows = 0;
  }
  private addPage(column: ColumnState, n: number): void {
    const { kernels, indices } = this;
    const { view } = this.host.memory;
    const { there, type } = column;
    const plainBytes = column.cursor - column.values;
    const page = this.room('page', 2 * plainBytes + 8 * n + 2 * SLACK_BYTES);
    const levelsEnd = kernels.levels_write(column.levels, n, page + 4);
    view.setUint32(page, levelsEnd - page - 4, true);
    let end: number;
    // A page of NULLs needs no dictionary.
    const isNumbered = there > 0 && column.isNumbered && column.number(kernels, indices);
    column.hasPlain ||= !isNumbered;
    if (isNumbered) {
      const width = Math.max(1, 32 - Math.clz32(Math.max(0, column.dictionaryCount - 1)));
      view.setUint8(levelsEnd, width);
      end = kernels.hybrid_write(indices, there, width, levelsEnd + 1);
    } else if (type.kind === ROW_KIND.boolean) end = levelsEnd + kernels.pack_bits(column.values, there, levelsEnd);
    else if (type.kind === ROW_KIND.sixteen) {
      kernels.pack_big_endian(column.values, there, type.width, levelsEnd);
      end = levelsEnd + there * type.width;
    } else {
      this.host.memory.bytes.copyWithin(levelsEnd, column.values, column.cursor);
      end = levelsEnd + plainBytes;
    }
    assert(end - page <= this.pageBytes, 'a page is larger than its room');
    this.add(column, page, end - page, (unpacked, stored) => ({
      1: { i32: 0 },
      2: { i32: unpacked },
      3: { i32: stored },
      5: {
        struct: {
          1: { i32: n },
          2: { i32: isNumbered ? ENCODING.plainDictionary : ENCODING.plain },
          3: { i32: ENCODING.rle },
          4: { i32: ENCODING.rle },
        },
      },
    }));
  }
  private add(
    column: ColumnState,
    at: number,
    bytes: number,
    head: (unpacked: number, stored: number) => Parameters<typeof thriftBytes>[0],
    first = false,
  ): void {
    const packed = this.room('packed', bytes + Math.ceil(bytes / 6) + SLACK_BYTES);
    const stored = this.kernels.snappy_compress(at, bytes, packed, this.table);
    const body = this.host.memory.bytes.slice(packed, packed + stored);
    const page = { head: thriftBytes(head(bytes, stored)), body, unpacked: bytes };
    if (first) column.pages.unshift(page);
    else column.pages.push(page);
    this.bytes += page.head.length + stored;
  }
  /** Ends the group and begins the next. */
  finish(): EncodedGroup {
    if (this.pageRows > 0) this.endPage();
    const { rows } = this;
    const pieces: Uint8Array[] = [];
    let at = 0;
    const chunks: ((offset: number) => ThriftField)[] = [];
    let unpackedAll = 0;
    for (const [i, column] of this.columns.entries()) {
      const count = column.dictionaryCount;
      const hasDictionary = column.pages.length > 0 && count > 0;
      if (hasDictionary) {
        const dictionary = column.dictionaryBytes;
        this.add(
          column,
          dictionary.at,
          dictionary.bytes,
          (unpacked, stored) => ({
            1: { i32: 2 },
            2: { i32: unpacked },
            3: { i32: stored },
            7: { struct: { 1: { i32: count }, 2: { i32: ENCODING.plainDictionary } } },
          }),
          true,
        );
      }
      const start = at;
      for (const { head, body } of column.pages) {
        pieces.push(head, body);
        at += head.length + body.length;
      }
      const bytes = at - start;
      const unpacked = column.pages.reduce((sum, p) => sum + p.head.length + p.unpacked, 0);
      unpackedAll += unpacked;
      const first = column.pages[0];
      const data = hasDictionary ? start + first!.head.length + first!.body.length : start;
      chunks.push(chunkFooter(this.names[i]!.name, column, rows, start, data, bytes, unpacked, hasDictionary));
    }
    for (const column of this.columns) column.beginGroup();
    this.rows = 0;
    this.bytes = 0;
    const bytes = at;
    return {
      pieces,
      bytes,
      rows,
      footer: (offset) => ({
        struct: {
          1: { list: chunks.map((chunk) => chunk(offset)), of: 'struct' },
          2: { i64: unpackedAll },
          3: { i64: rows },
          5: { i64: offset },
          6: { i64: bytes },
        },
      }),
    };
  }
}

function chunkFooter(
  name: string,
  { type, nulls, hasPlain }: ColumnState,
  rows: number,
  start: number,
  data: number,
  bytes: number,
  unpacked: number,
  hasDictionary: boolean,
): (offset: number) => ThriftField {
  const encodings = [
    ...(hasDictionary ? [ENCODING.plainDictionary] : []),
    ...(hasPlain ? [ENCODING.plain] : []),
    ENCODING.rle,
  ];
  return (offset) => ({
    struct: {
      2: { i64: offset + start },
      3: {
        struct: {
          1: { i32: PHYSICAL_TYPES.indexOf(type.physical) },
          2: { list: encodings.map((e) => ({ i32: e })), of: 'i32' },
          3: { list: [{ text: name }], of: 'text' },
          4: { i32: SNAPPY_CODEC },
          5: { i64: rows },
          6: { i64: unpacked },
          7: { i64: bytes },
          9: { i64: offset + data },
          11: hasDictionary ? { i64: offset + start } : undefined,
          12: { struct: { 3: { i64: nulls } } },
        },
      },
    },
  });
}
