/**
 * A join whose build side is on disk: the outer rows were set aside by the same bits of their hash, and pair by pair of
 * partitions the table is built and the outer rows are given to the probing code. The segment runs to its end for every
 * pair (so that the drain of an outer join follows its partition) and `advance` says whether there is another one.
 */
import type { JoinType } from '../../expressions/relation.ts';
import type { NextRows, Work } from '../breakers/breaker.ts';
import { SPILL_BYTES_MIN } from '../../common/limits.ts';
import { HashBreaker } from '../hash/hash-breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { canCut, type Partition } from '../breakers/partitions.ts';

interface Pair {
  readonly build: Partition;
  readonly outer: Partition;
}

export class PairedReader {
  private queue: readonly Pair[];
  private current: Pair | undefined;
  private work: Work | undefined;
  private page = 0;
  private held = 0;
  private readonly keepsInner: boolean;
  private readonly keepsOuter: boolean;

  constructor(
    private readonly host: BreakerHost,
    readonly build: HashBreaker,
    private readonly outer: HashBreaker,
    joinType: Exclude<JoinType, 'cross'>,
  ) {
    this.keepsInner = joinType === 'right' || joinType === 'full';
    this.keepsOuter = joinType !== 'inner' && joinType !== 'semi' && joinType !== 'right';
    this.queue = this.pairs(build.partitions, outer.partitions);
  }
  /** Pairs that can give a row. */
  private pairs(builds: readonly Partition[], outers: readonly Partition[]): Pair[] {
    return builds
      .map((build, i) => ({ build, outer: outers[i]! }))
      .filter(
        (p) => (p.outer.rows > 0 && (p.build.rows > 0 || this.keepsOuter)) || (this.keepsInner && p.build.rows > 0),
      );
  }
  get hasMore(): boolean {
    return this.queue.length > 0;
  }
  next(): NextRows {
    this.freePage();
    if (this.work !== undefined) {
      if (this.work.next().done === true) this.work = undefined;
      return 'busy';
    }
    if (this.current === undefined) {
      if (this.queue.length === 0) return undefined;
      this.work = this.begin();
      return 'busy';
    }
    const page = this.outer.page(this.current.outer, this.page++);
    if (page === undefined) return undefined;
    this.held = page.address;
    return { ...page, pointers: false };
  }
  /** The current pair is done with; true when another one begins. */
  advance(): boolean {
    this.current = undefined;
    return this.queue.length > 0;
  }
  private *begin(): Work {
    const [pair, ...rest] = this.queue;
    this.queue = rest;
    if (this.mustCut(pair!.build)) return yield* this.cut(pair!);
    yield* this.build.load(pair!.build);
    this.current = pair;
    this.page = 0;
  }
  private mustCut(build: Partition): boolean {
    const { memory, spillRows } = this.host;
    if (!canCut(build) || build.rows < 2) return false;
    if (spillRows !== undefined) return build.rows > spillRows;
    const bytes = HashBreaker.tableBytes(build);
    return bytes >= SPILL_BYTES_MIN && memory.isOver(bytes - this.build.store.bytes);
  }
  /** Rows whose bits are all alike stay together whatever is done: such a partition is not cut again. */
  private *cut(pair: Pair): Work {
    const builds = yield* this.build.cut(pair.build);
    const outers = yield* this.outer.cut(pair.outer);
    const alike = builds.some((b) => b.rows === pair.build.rows);
    const levelOf = (p: Partition): Partition => (alike ? { ...p, level: Number.MAX_SAFE_INTEGER } : p);
    this.queue = [...this.pairs(builds.map(levelOf), outers), ...this.queue];
  }
  private freePage(): void {
    if (this.held !== 0) this.host.memory.free(this.held);
    this.held = 0;
  }
  close(): void {
    this.freePage();
  }
}
