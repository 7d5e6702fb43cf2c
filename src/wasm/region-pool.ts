/**
 * Allocator over one slice's address range of the node's shared memory. Requests above 32 KB take whole 64 KB pages (first
 * fit over sorted free extents, joined on free; the smallest from the end); smaller ones share pages by size class (256
 * bytes to 32 KB), because a constant chunk is 64 bytes. When nothing fits, `onPressure` (the block cache) is asked to give
 * something back, until it cannot: then allocate returns 0. Only the slice's own thread uses it; query arenas come from
 * here too.
 */
import { assert } from '../common/assert.ts';

export const PAGE_BYTES = 65536;
const CLASS_MIN_BITS = 8;
const CLASS_MAX_BITS = 15;
/** So small, and they come from the other end: they would lie for long between large ones, and leave no room for any. */
const END_PAGES_MAX = 2;

interface Slab {
  readonly bits: number;
  readonly free: number[];
  used: number;
}

export class RegionPool {
  readonly base: number;
  readonly pages: number;
  /** Gives memory back; false when it has none. */
  onPressure: (() => boolean) | undefined;
  /** What queries keep leaves memory at once; false when there is nothing. Never asked by `allocate` itself. */
  relieve: (() => boolean) | undefined;
  /** Set while work is done that can wait for memory between its steps: whether it shall. */
  onShortage: (() => boolean) | undefined;
  usedBytes = 0;
  peakBytes = 0;
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  /** Pages of the allocation that starts at a page; 0 elsewhere, -1 for a slab page. */
  private readonly taken: Int32Array;
  private readonly slabs = new Map<number, Slab>();
  private readonly partial: Set<number>[] = [];

  /** The page at address 0 is never used: 0 means "none". */
  constructor(base: number, size: number) {
    this.base = Math.max(PAGE_BYTES, Math.ceil(base / PAGE_BYTES) * PAGE_BYTES);
    this.pages = Math.floor((base + size - this.base) / PAGE_BYTES);
    assert(this.pages > 0, 'region pool without pages');
    this.taken = new Int32Array(this.pages);
    this.starts.push(0);
    this.lengths.push(this.pages);
    for (let bits = 0; bits <= CLASS_MAX_BITS; bits++) this.partial.push(new Set());
  }
  get size(): number {
    return this.pages * PAGE_BYTES;
  }
  get freeBytes(): number {
    return this.size - this.usedBytes;
  }

  /** Whether so many bytes are free, after what can be given back was. */
  makeRoom(bytes: number): boolean {
    while (this.freeBytes < bytes) if (this.onPressure?.() !== true) return false;
    return true;
  }

  /** Address, at least 256-byte aligned, or 0 when full. The bytes are not cleared. */
  allocate(bytes: number): number {
    for (;;) {
      const address = bytes <= 1 << CLASS_MAX_BITS ? this.small(bytes) : this.large(Math.ceil(bytes / PAGE_BYTES));
      if (address !== 0) {
        this.peakBytes = Math.max(this.peakBytes, this.usedBytes);
        return address;
      }
      if (!this.onPressure?.()) return 0;
    }
  }

  free(address: number): void {
    const page = Math.floor((address - this.base) / PAGE_BYTES);
    const pages = this.taken[page]!;
    if (pages === -1) return this.freeSmall(page, address);
    assert(
      pages > 0 && address === this.base + page * PAGE_BYTES,
      `free of an address that is not allocated: ${address}`,
    );
    this.taken[page] = 0;
    this.usedBytes -= pages * PAGE_BYTES;
    this.giveBack(page, pages);
  }

  private large(pages: number): number {
    const fromEnd = pages <= END_PAGES_MAX;
    const extent = fromEnd
      ? this.lengths.findLastIndex((length) => length >= pages)
      : this.lengths.findIndex((length) => length >= pages);
    if (extent < 0) return 0;
    const [start, length] = [this.starts[extent]!, this.lengths[extent]!];
    const page = fromEnd ? start + length - pages : start;
    if (length === pages) {
      this.starts.splice(extent, 1);
      this.lengths.splice(extent, 1);
    } else {
      if (!fromEnd) this.starts[extent] = start + pages;
      this.lengths[extent] = length - pages;
    }
    this.taken[page] = pages;
    this.usedBytes += pages * PAGE_BYTES;
    return this.base + page * PAGE_BYTES;
  }
  private giveBack(page: number, pages: number): void {
    let low = 0,
      high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! < page) low = middle + 1;
      else high = middle;
    }
    this.starts.splice(low, 0, page);
    this.lengths.splice(low, 0, pages);
    if (low + 1 < this.starts.length && page + pages === this.starts[low + 1]) {
      this.lengths[low] = this.lengths[low]! + this.lengths[low + 1]!;
      this.starts.splice(low + 1, 1);
      this.lengths.splice(low + 1, 1);
    }
    if (low > 0 && this.starts[low - 1]! + this.lengths[low - 1]! === page) {
      this.lengths[low - 1] = this.lengths[low - 1]! + this.lengths[low]!;
      this.starts.splice(low, 1);
      this.lengths.splice(low, 1);
    }
  }

  private small(bytes: number): number {
    const bits = Math.max(CLASS_MIN_BITS, 32 - Math.clz32(Math.max(bytes, 1) - 1));
    const open = this.partial[bits]!;
    let page = open.values().next().value;
    if (page === undefined) {
      const address = this.large(1);
      if (address === 0) return 0;
      this.usedBytes -= PAGE_BYTES;
      page = (address - this.base) / PAGE_BYTES;
      this.taken[page] = -1;
      const free: number[] = [];
      for (let at = PAGE_BYTES - (1 << bits); at >= 0; at -= 1 << bits) free.push(address + at);
      this.slabs.set(page, { bits, free, used: 0 });
      open.add(page);
    }
    const slab = this.slabs.get(page)!;
    const address = slab.free.pop()!;
    slab.used++;
    this.usedBytes += 1 << bits;
    if (slab.free.length === 0) open.delete(page);
    return address;
  }
  private freeSmall(page: number, address: number): void {
    const slab = this.slabs.get(page)!;
    slab.free.push(address);
    slab.used--;
    this.usedBytes -= 1 << slab.bits;
    assert(slab.used >= 0, 'slab freed twice');
    if (slab.used > 0) {
      this.partial[slab.bits]!.add(page);
      return;
    }
    this.partial[slab.bits]!.delete(page);
    this.slabs.delete(page);
    this.taken[page] = 0;
    this.giveBack(page, 1);
  }
}
