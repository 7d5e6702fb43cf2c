/**
 * Rows on the temporary disk, in pages by bits of their hash (wasm/runtime/spill.ts has the page's form). Level 0 takes
 * the highest bits, every further level the next ones, so that a partition can be cut again; equal keys stay together.
 */
import { SPILL_LEVELS_MAX, SPILL_PARTITION_BITS } from '../../common/limits.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import type { BreakerHost } from './host.ts';
import type { Extent } from './row-store.ts';
import type { TempFile } from './temp-disk.ts';

/** Where pages go: the temporary disk, or (MemoryPages) back to node memory. */
export interface PageSink {
  append(...pieces: readonly Uint8Array[]): number;
}
/** Pages in blocks of node memory, whose addresses are the pages' places. */
export class MemoryPages implements PageSink {
  constructor(private readonly host: BreakerHost) {}
  append(...pieces: readonly Uint8Array[]): number {
    const { memory } = this.host;
    const start = this.host.mustAllocate(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = start;
    for (const piece of pieces) {
      memory.bytes.set(piece, at);
      at += piece.length;
    }
    return start;
  }
}

/** Bytes of a page, tuples packed at a time, addresses listed at a time. */
const PAGE_BYTES_MAX = 64 * 1024;
const PAGE_BYTES_MIN = 4 * 1024;
/** So that a few rows that a test spills are several pages. */
const TEST_PAGE_BYTES = 128;
const LIST_ROWS = 4096;
const HEADER = { FRONT: 0, BACK: 4, COUNT: 8, START: 12, END: 16, BYTES: 24 } as const;

export interface Page {
  readonly at: number;
  readonly bytes: number;
  readonly rows: number;
}
export interface Partition {
  /** Of the bits that chose it. */
  readonly level: number;
  readonly pages: Page[];
  rows: number;
  bytes: number;
}
export const canCut = (partition: Partition): boolean => partition.level + 1 < SPILL_LEVELS_MAX;

/** The texts of a tuple, as the kernels want them. */
export class TextFields {
  readonly address: number;
  readonly count: number;
  constructor(host: BreakerHost, layout: TupleLayout) {
    const texts = layout.fields.filter((f) => f.phys === 'str');
    this.count = texts.length;
    this.address = host.memory.small(Math.max(8, texts.length * 8));
    for (const [i, f] of texts.entries()) {
      host.memory.setU32(this.address + i * 8, f.offset);
      host.memory.setU32(this.address + i * 8 + 4, f.nullOffset >>> 0);
    }
  }
}

/** Packs tuples into the pages of one level; `bits` 0 keeps them in order in a single partition. */
export class PartitionWriter {
  readonly partitions: Partition[];
  rows = 0;
  bytes = 0;
  private readonly headers: number;
  private readonly list: number;
  private readonly out: number;
  private readonly blocks: number[] = [];
  private readonly shift: number;
  private open = true;

  constructor(
    private readonly host: BreakerHost,
    private readonly layout: TupleLayout,
    private readonly texts: TextFields,
    private readonly sink: PageSink,
    level: number,
    bits = SPILL_PARTITION_BITS,
  ) {
    const count = 2 ** bits;
    this.shift = Math.max(0, 32 - (level + 1) * SPILL_PARTITION_BITS);
    this.partitions = Array.from({ length: count }, () => ({ level, pages: [], rows: 0, bytes: 0 }));
    const page = pageBytes(host, count);
    try {
      this.headers = this.block(count * HEADER.BYTES);
      this.list = this.block(LIST_ROWS * 4);
      this.out = this.block(8);
      for (let p = 0; p < count; p++) this.place(p, this.block(page), page);
    } catch (error) {
      this.release();
      throw error;
    }
  }
  /** Pages in node memory are not spilled. */
  get isOnDisk(): boolean {
    return !(this.sink instanceof MemoryPages);
  }
  private block(bytes: number): number {
    const at = this.host.mustAllocate(bytes);
    this.blocks.push(at);
    return at;
  }
  private header(partition: number): number {
    return this.headers + partition * HEADER.BYTES;
  }
  private place(partition: number, start: number, bytes: number): void {
    const { memory } = this.host;
    const h = this.header(partition);
    memory.setU32(h + HEADER.FRONT, start);
    memory.setU32(h + HEADER.BACK, start + bytes);
    memory.setU32(h + HEADER.COUNT, 0);
    memory.setU32(h + HEADER.START, start);
    memory.setU32(h + HEADER.END, start + bytes);
  }
  /** All tuples of these extents. */
  *packExtents(extents: readonly Extent[]): Generator<undefined, void, undefined> {
    const { size } = this.layout;
    for (const e of extents) {
      for (let at = e.start; at < e.end;) {
        const end = Math.min(e.end, at + LIST_ROWS * size);
        this.host.kernels.list_tuples(at, end, size, this.list);
        this.pack(this.list, (end - at) / size);
        at = end;
        yield;
      }
    }
  }
  /** The tuples at these addresses, in order. */
  pack(list: number, count: number): void {
    const { memory, kernels } = this.host;
    for (let done = 0; done < count;) {
      done = kernels.pack_tuples(
        list,
        done,
        count,
        this.layout.size,
        this.texts.address,
        this.texts.count,
        this.headers,
        this.shift,
        this.partitions.length - 1,
        this.out,
      );
      if (done < count) this.makeRoom(memory.u32(this.out), memory.u32(this.out + 4));
    }
  }
  private makeRoom(partition: number, need: number): void {
    const { memory } = this.host;
    this.writePage(partition);
    const h = this.header(partition);
    const start = memory.u32(h + HEADER.START);
    const bytes = memory.u32(h + HEADER.END) - start;
    if (need <= bytes) return;
    memory.free(start);
    this.blocks.splice(this.blocks.indexOf(start), 1);
    this.place(partition, this.block(need), need);
  }
  private writePage(partition: number): void {
    const { memory } = this.host;
    const h = this.header(partition);
    const rows = memory.u32(h + HEADER.COUNT);
    if (rows === 0) return;
    const [front, back] = [memory.u32(h + HEADER.FRONT), memory.u32(h + HEADER.BACK)];
    const [start, end] = [memory.u32(h + HEADER.START), memory.u32(h + HEADER.END)];
    const at = this.sink.append(memory.bytes.subarray(start, front), memory.bytes.subarray(back, end));
    const bytes = front - start + end - back;
    const p = this.partitions[partition]!;
    p.pages.push({ at, bytes, rows });
    p.rows += rows;
    p.bytes += bytes;
    this.rows += rows;
    this.bytes += bytes;
    this.place(partition, start, end - start);
  }
  /** Writes what is still in memory and gives the memory back; all partitions, also those without rows. */
  *finish(): Generator<undefined, readonly Partition[], undefined> {
    for (let p = 0; p < this.partitions.length; p++) {
      this.writePage(p);
      yield;
    }
    this.release();
    return this.partitions;
  }
  release(): void {
    if (!this.open) return;
    this.open = false;
    for (const at of this.blocks) this.host.memory.free(at);
  }
}

/** Small grants have small pages: all partitions together take an eighth, and a quarter of what is left at most. */
function pageBytes(host: BreakerHost, partitions: number): number {
  if (host.spillRows !== undefined) return TEST_PAGE_BYTES;
  const bytes = Math.min(host.memory.grant / 8, host.memory.leftBytes / 4);
  const share = 2 ** Math.floor(Math.log2(Math.max(1, bytes / partitions)));
  return Math.max(PAGE_BYTES_MIN, Math.min(PAGE_BYTES_MAX, share));
}

/** Reads a page to memory of its own; the caller frees or adopts it. */
export function readPage(
  host: BreakerHost,
  layout: TupleLayout,
  texts: TextFields,
  file: TempFile,
  page: Page,
): number {
  const { memory } = host;
  const start = host.mustAllocate(page.bytes);
  file.read(page.at, memory.bytes.subarray(start, start + page.bytes));
  relocate(host, layout, texts, { ...page, at: start });
  return start;
}
/** Makes a page that lies in memory at `page.at` usable. */
export function relocate(host: BreakerHost, layout: TupleLayout, texts: TextFields, page: Page): void {
  if (texts.count === 0) return;
  const end = page.at + page.bytes;
  host.kernels.relocate_tuples(page.at, page.rows, layout.size, texts.address, texts.count, end);
}
