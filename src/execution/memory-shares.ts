/**
 * Node memory of one participant among the queries that run there. A query is sure of what its slots stand for, and may take
 * what nobody uses; its grant falls when others take memory, and its breakers give it back by spilling at their next step. A
 * part of the memory is kept free for the oldest query as long as there are several: when it is touched, the segments of
 * the others stop where they are, but for what gives memory back, and go on when the oldest has ended. Every participant
 * has the same oldest, since they all begin in one order; so the queries that wait for each other here and there never form a circle.
 */
import { systemClock } from '../common/clock.ts';
import { MEMORY_WAIT_MS_MAX } from '../common/limits.ts';
import type { RegionPool } from '../wasm/region-pool.ts';

/** What breakers may fill of the queries' memory; the rest is for buffers, and for the work of spilling. */
const GRANT_SHARE = 0.7;
/** Kept free for the oldest query. */
const RESERVE_SHARE = 0.25;
/** After so long a time in which every query waits one of them gives up. */
const STALL_MS = 2_000;
const RESERVE_BYTES_MAX = 16 * 1024 * 1024;

export interface Sharer {
  /** Its place among all queries, by when they began. */
  readonly order: number;
  readonly usedBytes: number;
  /** Of all slots, those that it holds. */
  readonly share: number;
  /** All that queries may take here. */
  readonly bytesMax: number;
}

export class MemoryShares {
  private readonly sharers = new Set<Sharer>();
  private oldest: Sharer | undefined;
  /** Those that got no memory, and since when. */
  private readonly blocked = new Map<Sharer, number>();
  private readonly reserveBytes: number;
  /** Memory that was full: whatever can leave it at once goes; false when there is nothing. */
  relieve: () => boolean = () => false;

  constructor(private readonly pool: RegionPool) {
    this.reserveBytes = Math.min(Math.floor(pool.size * RESERVE_SHARE), RESERVE_BYTES_MAX);
  }
  join(sharer: Sharer): void {
    this.sharers.add(sharer);
    this.findOldest();
  }
  leave(sharer: Sharer): void {
    this.sharers.delete(sharer);
    this.blocked.delete(sharer);
    this.findOldest();
  }
  private findOldest(): void {
    this.oldest = undefined;
    for (const s of this.sharers)
      if (!this.blocked.has(s) && (this.oldest === undefined || s.order < this.oldest.order)) this.oldest = s;
  }
  /** It got no memory, and waits: the next oldest goes on meanwhile. False: nobody could give it any, or not in time. */
  block(sharer: Sharer): boolean {
    if (this.sharers.size < 2) return false;
    const since = this.blocked.get(sharer);
    if (since !== undefined) return systemClock.monotonicMs() - since < MEMORY_WAIT_MS_MAX && !this.isStalled();
    this.blocked.set(sharer, systemClock.monotonicMs());
    this.findOldest();
    return true;
  }
  /** All of them have been waiting for a while: none will give the others anything. */
  private isStalled(): boolean {
    const before = systemClock.monotonicMs() - STALL_MS;
    return [...this.sharers].every((s) => (this.blocked.get(s) ?? Infinity) < before);
  }
  unblock(sharer: Sharer): void {
    if (this.blocked.delete(sharer)) this.findOldest();
  }
  guaranteeOf({ bytesMax, share }: Sharer): number {
    return Math.floor(bytesMax * GRANT_SHARE * share);
  }
  /** Bytes up to which the query may go before its breakers spill. */
  grantOf(sharer: Sharer): number {
    let left = Math.floor(sharer.bytesMax * GRANT_SHARE);
    for (const s of this.sharers) if (s !== sharer) left -= s.usedBytes;
    return Math.max(left, this.guaranteeOf(sharer));
  }
  /** There are several queries, and less than the reserve is free (and `bytes` besides). */
  isShort(bytes = 0): boolean {
    return this.sharers.size > 1 && !this.pool.makeRoom(this.reserveBytes + bytes);
  }
  /** Whether the query may begin what takes about so many bytes. */
  mayTake(sharer: Sharer, bytes: number): boolean {
    return sharer === this.oldest || !this.isShort(bytes);
  }
  /** Rows that cannot leave memory may pass what the query is sure of only when no older query could need it. */
  mayKeep(sharer: Sharer): boolean {
    if (sharer === this.oldest || sharer.usedBytes <= this.guaranteeOf(sharer)) return true;
    let need = this.reserveBytes;
    for (const s of this.sharers) if (s.order < sharer.order) need += Math.max(0, s.bytesMax - s.usedBytes);
    return this.pool.freeBytes >= need;
  }
}
