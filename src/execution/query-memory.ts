/**
 * Node memory of one query on one participant: everything comes from the slice's RegionPool and goes back when the
 * query ends, most of it earlier. Past its grant a query's breakers spill; past its budget, or when the pool has no more, it gets
 * error OUT_OF_MEMORY. `allocate` says 0 to callers that can do something about it; `small` throws.
 */
import { RUNTIME_ERRORS } from '../common/errors/runtime-errors.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import type { StepMemory } from '../steps/host.ts';
import type { RegionPool } from '../wasm/region-pool.ts';
import type { MemoryShares, Sharer } from './memory-shares.ts';

const SMALL_PAGE = 16 * 1024;
const OUT_OF_MEMORY = 17;
const outOfMemory = (): SqlError => {
  const { sqlstate, message, detail } = RUNTIME_ERRORS[OUT_OF_MEMORY]!;
  return new SqlError({ sqlstate, message, detail });
};

export class QueryMemory implements StepMemory, Sharer {
  private readonly blocks = new Map<number, number>();
  private smallCur = 0;
  private smallEnd = 0;
  private readonly recycled = new Map<number, number[]>();
  usedBytes = 0;
  peakBytes = 0;
  /** Memory that is full: what is only kept in case goes; false when there is nothing. */
  reclaim: () => boolean = () => false;

  constructor(
    private readonly pool: RegionPool,
    readonly order: number,
    readonly bytesMax: number,
    readonly share: number,
    private readonly shares: MemoryShares,
    readonly bytes: Uint8Array,
    readonly view: DataView,
  ) {
    shares.join(this);
  }

  get grant(): number {
    return Math.min(this.bytesMax, this.shares.grantOf(this));
  }
  get leftBytes(): number {
    return this.bytesMax - this.usedBytes;
  }
  /** Whether so many bytes more would pass the grant. */
  isOver(extra = 0): boolean {
    return this.usedBytes + extra > this.grant || this.shares.isShort();
  }
  /** Whether a segment may begin that takes about so many bytes. */
  mayBegin(bytes: number): boolean {
    return this.shares.mayTake(this, bytes);
  }
  /** It got none, and waits for others to give some back; false when that makes no sense. */
  mayRetry(): boolean {
    return this.shares.block(this);
  }
  unblock(): void {
    this.shares.unblock(this);
  }
  /** Whether a segment may go on; `keeps`: its rows cannot leave memory. */
  mayGoOn(keeps: boolean): boolean {
    return this.shares.mayTake(this, 0) && (!keeps || this.shares.mayKeep(this));
  }
  /** Address of `size` bytes, 8-aligned, contents undefined; 0 when the budget or the pool is exhausted. */
  allocate(size: number): number {
    while (this.usedBytes + size > this.bytesMax) if (!this.reclaim()) return 0;
    const at = this.take(size);
    if (at === 0) return 0;
    this.blocks.set(at, size);
    this.usedBytes += size;
    this.peakBytes = Math.max(this.peakBytes, this.usedBytes);
    return at;
  }
  private take(size: number): number {
    for (;;) {
      const at = this.pool.allocate(size);
      if (at !== 0 || !(this.reclaim() || this.shares.relieve())) return at;
    }
  }
  /** For many little things (headers, parameter strings); never freed alone. Fails the query when memory is out. */
  small(size: number): number {
    const need = (size + 7) & ~7;
    const again = this.recycled.get(need)?.pop();
    if (again !== undefined) return again;
    if (need > SMALL_PAGE / 2) return this.must(need);
    if (this.smallCur + need > this.smallEnd) {
      const page = this.must(SMALL_PAGE);
      this.smallCur = page;
      this.smallEnd = page + SMALL_PAGE;
    }
    const at = this.smallCur;
    this.smallCur += need;
    return at;
  }
  /** A little thing that nobody needs any more, for the next of its size. */
  recycle(at: number, size: number): void {
    const need = (size + 7) & ~7;
    const list = this.recycled.get(need);
    if (list === undefined) this.recycled.set(need, [at]);
    else list.push(at);
  }
  private must(size: number): number {
    const at = this.allocate(size);
    if (at === 0) throw outOfMemory();
    return at;
  }
  zero(at: number, size: number): void {
    this.bytes.fill(0, at, at + size);
  }
  free(at: number): void {
    const size = this.blocks.get(at);
    if (size === undefined) return;
    this.blocks.delete(at);
    this.usedBytes -= size;
    this.pool.free(at);
  }
  release(): void {
    for (const at of this.blocks.keys()) this.pool.free(at);
    this.blocks.clear();
    this.usedBytes = 0;
    this.shares.leave(this);
  }
  u32(at: number): number {
    return this.view.getUint32(at, true);
  }
  setU32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }
  i64(at: number): bigint {
    return this.view.getBigInt64(at, true);
  }
  setI64(at: number, value: bigint): void {
    this.view.setBigInt64(at, BigInt.asIntN(64, value), true);
  }
  /** Copies text or bytes into query memory and gives the string value (i64). */
  string(value: Uint8Array): bigint {
    if (value.length === 0) return 0n;
    const at = this.small(value.length);
    this.bytes.set(value, at);
    return BigInt(at) | (BigInt(value.length) << 32n);
  }
}
