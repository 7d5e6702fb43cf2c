/**
 * A join whose build side is on disk: the outer rows were set aside by the same bits of their hash, and pair by pair of
 * partitions the table is built and the outer rows are given to the probing code. What cannot be cut (one key, or the inner
 * side of a nested loop) is built in blocks, and its outer rows come once for each: what a block had a match for is marked,
 * because a row without one is known only behind the last block. The segment runs to its end for every block (so that the
 * drain of an outer join follows its block) and `advance` says whether there is another one.
 */
import type { JoinType } from '../../expressions/relation.ts';
import type { NextRows, Work } from '../breakers/breaker.ts';
import { JOIN_BLOCK_BYTES_MIN, SPILL_BYTES_MIN } from '../../common/limits.ts';
import { HashBreaker } from '../hash/hash-breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import type { Partition } from '../breakers/partitions.ts';
import { OuterMarks } from './outer-marks.ts';

interface Pair {
  readonly build: Partition;
  readonly outer: Partition;
}
/** Of what the grant has free, for a block; the segment's own rows need some too. */
const BLOCK_SHARE = 0.5;
/** A part of a partition with more of its rows than this is not cut again: they have one key. */
const ALIKE_SHARE = 0.75;
const NOT_CUT = Number.MAX_SAFE_INTEGER;

export class PairedReader {
  private queue: readonly Pair[];
  private current: Pair | undefined;
  /** Pages of the current table that blocks have had. */
  private builtPages = 0;
  private marks: OuterMarks | undefined;
  private work: Work | undefined;
  private page = 0;
  private held: { readonly address: number; readonly rows: number } | undefined;
  private readonly keepsInner: boolean;
  private readonly keepsOuter: boolean;
  private readonly marksOuter: boolean;

  constructor(
    private readonly host: BreakerHost,
    readonly build: HashBreaker,
    private readonly outer: HashBreaker,
    joinType: Exclude<JoinType, 'cross'>,
  ) {
    this.keepsInner = joinType === 'right' || joinType === 'full';
    this.marksOuter = joinType !== 'inner' && joinType !== 'right';
    this.keepsOuter = this.marksOuter && joinType !== 'semi';
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
    return this.queue.length > 0 || this.hasMoreBlocks;
  }
  private get hasMoreBlocks(): boolean {
    return this.current !== undefined && this.builtPages < this.current.build.pages.length;
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
    this.held = page;
    this.marks?.restore(page.address, page.rows);
    return { ...page, pointers: false };
  }
  /** The current block is done with; true when another one begins. */
  advance(): boolean {
    if (this.hasMoreBlocks) {
      this.work = this.nextBlock(this.current!);
      return true;
    }
    this.marks?.free();
    this.marks = undefined;
    this.current = undefined;
    return this.queue.length > 0;
  }
  private *begin(): Work {
    const [pair, ...rest] = this.queue;
    const { build } = pair!;
    this.queue = rest;
    const isLarge = this.isLarge(build);
    if (isLarge && this.build.canCut(build)) return yield* this.cut(pair!);
    this.current = pair;
    this.builtPages = 0;
    if (!isLarge) {
      this.builtPages = yield* this.build.load(build);
      this.page = 0;
      return;
    }
    if (this.marksOuter) this.marks = new OuterMarks(this.host, this.outer.layout, pair!.outer.rows);
    yield* this.nextBlock(pair!);
  }
  private isLarge(build: Partition): boolean {
    const { memory, spillRows } = this.host;
    if (build.rows < 2) return false;
    if (spillRows !== undefined) return build.rows > spillRows;
    const bytes = HashBreaker.tableBytes(build);
    return bytes >= SPILL_BYTES_MIN && memory.isOver(bytes - this.build.store.bytes);
  }
  /** At least one page, and as many more as there is room for. */
  private *nextBlock({ build }: Pair): Work {
    const { memory, spillRows } = this.host;
    const free = memory.grant - memory.usedBytes + this.build.store.bytes;
    let room = Math.max(JOIN_BLOCK_BYTES_MIN, free * BLOCK_SHARE);
    if (spillRows !== undefined) room = 0;
    this.builtPages = yield* this.build.load(build, this.builtPages, (page, isFirst) => {
      room -= HashBreaker.tableBytes(page);
      return isFirst || room >= 0;
    });
    this.page = 0;
    this.marks?.rewind();
  }
  private *cut(pair: Pair): Work {
    const builds = yield* this.build.cut(pair.build);
    const outers = yield* this.outer.cut(pair.outer);
    const most = pair.build.rows * ALIKE_SHARE;
    const levelOf = (p: Partition): Partition => (p.rows > most ? { ...p, level: NOT_CUT } : p);
    this.queue = [...this.pairs(builds.map(levelOf), outers), ...this.queue];
  }
  /** The code is through with its rows. */
  private freePage(): void {
    if (this.held === undefined) return;
    this.marks?.keep(this.held.address, this.held.rows);
    this.host.memory.free(this.held.address);
    this.held = undefined;
  }
  close(): void {
    this.freePage();
  }
}
