/**
 * The leader as a participant: it runs leader segments (final aggregates, system views, queries without tables) with
 * the same executor as the slices, on its own memory, between events. One pump serves all queries: it ticks the
 * executor and polls the result readers while anything moves, and otherwise waits for the leader's doorbell.
 */
import { systemClock } from '../../common/clock.ts';
import type { Disk } from '../../common/disk.ts';
import { Executor, kernelImports, type ExecutorEvents } from '../../execution/executor.ts';
import { TempDisk } from '../../steps/breakers/temp-disk.ts';
import type { Surroundings } from '../../execution/surroundings.ts';
import type { Health } from '../../interconnect/health.ts';
import type { Doorbells } from '../../interconnect/ring.ts';
import { RegionPool } from '../../wasm/region-pool.ts';
import { DistributionHash } from './distribution-hash.ts';

/** Milliseconds of work before the pump lets the event loop in. */
const SLICE_MS = 2;
const MEMORY_PAGES = 8192;

export interface Pollable {
  /** Takes what has arrived; true when something moved. */
  poll(): boolean;
}

export class LeaderHost {
  readonly executor: Executor;
  readonly distributionHash: DistributionHash;
  private readonly pollables = new Set<Pollable>();
  private scheduled = false;
  private waiting = false;
  private closed = false;

  constructor(
    private readonly doorbells: Doorbells,
    private readonly health: Health,
    sliceCount: number,
    slicesPerNode: number,
    kernelModule: WebAssembly.Module,
    hooks: Pick<
      Surroundings,
      'callHost' | 'nextRows' | 'takeOutput' | 'passPoint' | 'wantParts' | 'spillRows' | 'inlineBytesMax'
    >,
    events: ExecutorEvents,
    temp: Disk,
  ) {
    const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES, shared: true });
    const kernels = new WebAssembly.Instance(
      kernelModule,
      kernelImports(memory, () => this.executor.current),
    ).exports;
    this.participant = sliceCount;
    const surroundings: Surroundings = {
      participant: sliceCount,
      sliceCount,
      slicesPerNode,
      memory,
      pool: new RegionPool(65536, MEMORY_PAGES * 65536 - 65536),
      doorbells,
      kernelExports: kernels,
      kernels: kernels as unknown as Surroundings['kernels'],
      temp: new TempDisk(temp, 'tmp/leader', sliceCount),
      storage: undefined,
      replica: undefined,
      nowMicros: () => systemClock.nowMicros(),
      isCondemned: () => this.health.isCondemned(this.health.leader),
      ...hooks,
    };
    this.executor = new Executor(surroundings, events);
    this.distributionHash = new DistributionHash(kernels, memory, surroundings.pool);
  }
  private readonly participant: number;

  add(p: Pollable): void {
    this.pollables.add(p);
    this.wake();
  }
  remove(p: Pollable): void {
    this.pollables.delete(p);
  }
  /** Something may be runnable. */
  wake(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    setImmediate(() => this.pump());
  }
  private pump(): void {
    this.scheduled = false;
    const until = systemClock.monotonicMs() + SLICE_MS;
    let seen: number;
    let moved: boolean;
    do {
      seen = this.doorbells.seen(this.participant);
      moved = this.executor.tick();
      for (const p of this.pollables) if (p.poll()) moved = true;
    } while (moved && systemClock.monotonicMs() < until);
    if (moved) return this.wake();
    if (this.executor.idle && this.pollables.size === 0) return;
    this.sleep(seen);
  }
  private sleep(seen: number): void {
    if (this.waiting) return;
    const promise = this.doorbells.waitAsync(this.participant, seen);
    if (!promise) return this.wake();
    this.waiting = true;
    void promise.then(() => {
      this.waiting = false;
      this.wake();
    });
  }
  close(): void {
    this.closed = true;
    this.doorbells.ring(this.participant);
  }
}
