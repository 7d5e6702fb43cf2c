/**
 * Chunks and masks that lie in pool memory, ready to be decoded. An entry with pins stays where it is; entries without
 * pins leave in least-recently-used order when the pool needs memory. The owner object keeps the entry in `cached`, so
 * a lookup is a field read.
 */
import { assert } from '../common/assert.ts';
import type { RegionPool } from '../wasm/region-pool.ts';

export interface CacheOwner {
  cached: CacheEntry | undefined;
}
export interface CacheEntry {
  readonly address: number;
  readonly bytes: number;
  readonly owner: CacheOwner;
  pins: number;
}

export class BlockCache {
  hits = 0;
  misses = 0;
  bytes = 0;
  private readonly idle = new Set<CacheEntry>();
  constructor(private readonly pool: RegionPool) {
    // A replica's cache shares the pool with the slice's own: both give back.
    const before = pool.onPressure;
    pool.onPressure = () => this.evictOne() || (before?.() ?? false);
  }

  /** The owner's entry with one more pin, or undefined when it has to be loaded. */
  pin(owner: CacheOwner): CacheEntry | undefined {
    const entry = owner.cached;
    if (entry === undefined) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    if (entry.pins++ === 0) this.idle.delete(entry);
    return entry;
  }
  /** Takes over an allocation of the pool; the new entry has one pin. */
  insert(owner: CacheOwner, address: number, bytes: number): CacheEntry {
    assert(owner.cached === undefined, 'the owner is cached already');
    const entry: CacheEntry = { address, bytes, owner, pins: 1 };
    owner.cached = entry;
    this.bytes += bytes;
    return entry;
  }
  unpin(entry: CacheEntry): void {
    assert(entry.pins > 0, 'unpin without pin');
    if (--entry.pins > 0) return;
    if (entry.owner.cached === entry) this.idle.add(entry);
    else this.release(entry);
  }
  /** Forgets the owner's entry; pinned memory goes with its last pin. */
  drop(owner: CacheOwner): void {
    const entry = owner.cached;
    if (entry === undefined) return;
    owner.cached = undefined;
    if (entry.pins === 0) {
      this.idle.delete(entry);
      this.release(entry);
    }
  }
  private evictOne(): boolean {
    const entry = this.idle.values().next().value;
    if (entry === undefined) return false;
    this.drop(entry.owner);
    return true;
  }
  private release(entry: CacheEntry): void {
    this.bytes -= entry.bytes;
    this.pool.free(entry.address);
  }
}
