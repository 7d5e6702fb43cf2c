/**
 * The regions behind one context's scratch: a stack that may span several of them. The position is in the region whose
 * end is SCRATCH_END; what lies behind it in the chain is free. Growing takes the first free region that is large
 * enough; when there is none, the free ones are all too small and make place for one that is. So the chain never holds
 * more than the deepest stack needed, and a position taken earlier stays valid until the stack has gone below it.
 */
import { assert } from '../common/assert.ts';
import { REGION_BYTES_MAX, REGION_BYTES_MIN } from '../common/limits.ts';

export interface Region {
  readonly start: number;
  readonly end: number;
}
export interface RegionSource {
  /** Address of at least `bytes`, 8-aligned; 0 when there are none. */
  allocate(bytes: number): number;
  free(address: number): void;
}

/**
 * What a region must be to hold `bytes` behind one of `before` bytes: a power of two, so that few sizes come up; for a long
 * value not much more than it needs.
 */
export function regionBytes(bytes: number, before: number): number {
  if (bytes > REGION_BYTES_MAX) return Math.ceil(bytes / REGION_BYTES_MAX) * REGION_BYTES_MAX;
  let size = Math.max(REGION_BYTES_MIN, Math.min(REGION_BYTES_MAX, before * 2));
  while (size < bytes) size *= 2;
  return size;
}

export class RegionChain {
  private readonly regions: Region[] = [];

  constructor(private readonly source: RegionSource) {}
  /** The first region, where the stack is empty; undefined when memory is out. */
  open(): Region | undefined {
    assert(this.regions.length === 0, 'a region chain opens once');
    return this.append(REGION_BYTES_MIN);
  }
  /** The region to go on in when the one that ends at `end` has no room for `bytes`; undefined when memory is out. */
  grow(end: number, bytes: number): Region | undefined {
    const index = this.regions.findIndex((r) => r.end === end);
    assert(index >= 0, 'the scratch position lies in no region of this segment');
    for (let next = index + 1; next < this.regions.length; next++) {
      const region = this.regions[next]!;
      if (region.end - region.start >= bytes) return region;
    }
    this.trim(end);
    const current = this.regions[index]!;
    return this.append(regionBytes(bytes, current.end - current.start));
  }
  /** Gives back what lies behind the region that ends at `end`, where the stack is: true when there was something. */
  trim(end: number): boolean {
    if (this.regions.length === 0) return false;
    const index = this.regions.findIndex((r) => r.end === end);
    assert(index >= 0, 'the scratch position lies in no region of this segment');
    const free = this.regions.splice(index + 1);
    for (const r of free) this.source.free(r.start);
    return free.length > 0;
  }
  /** Gives all regions back; the chain can be opened again. */
  close(): void {
    for (const r of this.regions.splice(0)) this.source.free(r.start);
  }
  get bytes(): number {
    return this.regions.reduce((sum, r) => sum + r.end - r.start, 0);
  }
  private append(size: number): Region | undefined {
    const start = this.source.allocate(size);
    if (start === 0) return undefined;
    const region = { start, end: start + size };
    this.regions.push(region);
    return region;
  }
}
