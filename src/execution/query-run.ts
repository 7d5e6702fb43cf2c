/**
 * One query on one participant: its memory, stores, exchange edges and segments. Created when the query starts here,
 * gone when it has ended, failed or been cancelled.
 */
import { systemClock } from '../common/clock.ts';
import { assert, AssertionError } from '../common/assert.ts';
import { RUNTIME_ERRORS } from '../common/errors/runtime-errors.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { INLINE_BYTES_MAX } from '../common/limits.ts';
import type { Fragment, QueryStart, StepCount } from './messages.ts';
import type { EdgeCount, LoadFeed, StepHost, UnloadTarget } from '../steps/host.ts';
import type { EdgeSpec, SegmentSpec } from '../steps/spec.ts';
import { RowAddresses } from '../slices/row-addresses.ts';
import type { SliceChange, SliceWriter, StorageTable } from '../slices/storage.ts';
import { namedZone, type ZoneKind } from '../types/timezone.ts';
import { zoneTable } from '../types/zone-table.ts';
import { CTX } from '../wasm/memory-map.ts';
import type { Breaker } from '../steps/breakers/breaker.ts';
import type { BreakerHost } from '../steps/breakers/host.ts';
import { LongValues } from '../steps/long-values.ts';
import { addCounts } from './add-counts.ts';
import type { MemoryShares } from './memory-shares.ts';
import { QueryMemory } from './query-memory.ts';
import type { SegmentInstance } from './segment-instance.ts';
import { RecursionRun } from './recursion-run.ts';
import { SegmentRun } from './segment-run.ts';
import type { Surroundings } from './surroundings.ts';

const decoder = new TextDecoder();
/** Time after which the rest of a round waits for the next one: a query may have hundreds of segments. */
const ROUND_MS = 4;

export class QueryRun implements StepHost {
  readonly memory: QueryMemory;
  readonly longs: LongValues;
  segments: readonly SegmentRun[] = [];
  readonly changes: SliceChange[] = [];
  readonly writers = new Set<Pick<SliceWriter, 'abort'>>();
  readonly feeds: LoadFeed[] = [];
  readonly targets: UnloadTarget[] = [];
  /** What unload targets and COMPUPDATE samples give. */
  readonly unloadResults: unknown[] = [];
  /** Segment whose code runs now; kernels' env.grow belongs to it. */
  current: SegmentRun | undefined;
  pendingError: unknown;
  /** No other query runs here now. */
  isAlone = true;
  private readonly breakers = new Map<number, Breaker>();
  private readonly breakersByAddress = new Map<number, Breaker>();
  private readonly freed = new WeakSet<Breaker>();
  readonly recursions: readonly RecursionRun[];
  /** What segments counted in rounds that are over. */
  private past: readonly StepCount[] = [];
  private readonly deletes = new Map<StorageTable, RowAddresses>();
  private released = false;

  constructor(
    readonly surroundings: Surroundings,
    readonly start: QueryStart,
    private readonly code: (moduleId: number) => SegmentInstance,
    bytes: Uint8Array,
    view: DataView,
    shares: MemoryShares,
  ) {
    this.memory = new QueryMemory(
      surroundings.pool,
      start.order,
      start.memoryBytesMax,
      start.memoryShare,
      shares,
      bytes,
      view,
    );
    this.memory.reclaim = () => this.segments.some((s) => s.giveBack());
    this.longs = new LongValues(this.memory, surroundings.temp);
    this.segments = start.fragments.map((f) => new SegmentRun(this, f, code(f.moduleId)));
    const isLeader = surroundings.participant === surroundings.sliceCount;
    this.recursions = start.recursions
      .filter((r) => (r.spec.locus === 'leader') === isLeader)
      .map((r) => new RecursionRun(this, r, isLeader ? 1 : surroundings.sliceCount));
  }
  private readonly namedZones = new Map<string, number>();
  /** env.zone: the transition table of a zone by its name, placed once for the query; 0 when there is none. */
  zone(name: number, length: number, kind: ZoneKind): number {
    const text = decoder.decode(this.memory.bytes.slice(name, name + length));
    const zone = namedZone(text, kind);
    if (zone === undefined) return 0;
    let at = this.namedZones.get(zone);
    if (at === undefined) {
      at = this.memory.allocate(zoneTable(zone).length);
      if (at === 0) return 0;
      this.memory.bytes.set(zoneTable(zone), at);
      this.namedZones.set(zone, at);
    }
    return at;
  }
  private zoneAt = 0;
  /** Transition table of the session's zone; 0 for UTC. */
  get zoneTable(): number {
    const { zone } = this.start.session;
    if (zone !== undefined && this.zoneAt === 0) this.zoneAt = this.placeZone(zone);
    return this.zoneAt;
  }
  private placeZone(zone: Uint8Array): number {
    const at = this.mustAllocate(zone.length);
    this.memory.bytes.set(zone, at);
    return at;
  }
  /** A round over the segments, or as much of it as its time allows; true when any of them moved. */
  tick(): boolean {
    const until = systemClock.monotonicMs() + ROUND_MS;
    const { segments } = this;
    let moved = false;
    for (let k = 0; k < segments.length; k++) {
      if (segments[(this.first + k) % segments.length]!.tick()) moved = true;
      if (!moved || systemClock.monotonicMs() < until) continue;
      this.first = (this.first + k + 1) % segments.length;
      return true;
    }
    for (const r of this.recursions) if (r.tick()) moved = true;
    return moved;
  }
  /** Where the next round begins. */
  private first = 0;
  get done(): boolean {
    return this.segments.every((s) => s.phase === 'done') && this.recursions.every((r) => r.isOver);
  }
  private recursion(id: number | undefined): RecursionRun | undefined {
    return id === undefined ? undefined : this.recursions.find((r) => r.start.spec.recursion === id);
  }
  /** A segment that came in parts has ended when all of them have; a part waits for the one before it alone. */
  dependenciesDone({ dependsOn, origin, recursion }: SegmentSpec): boolean {
    if (this.recursion(recursion)?.isSeeded === false) return false;
    return this.segments.every(({ fragment: { spec }, phase }) => {
      const isOver = spec.recursion === recursion || this.recursion(spec.recursion)?.isOver !== false;
      if (phase === 'done' && isOver) return true;
      const isPartner = spec.origin !== undefined && spec.origin === origin;
      return !dependsOn.includes(isPartner ? spec.segment : (spec.origin ?? spec.segment));
    });
  }
  /** Runs these in place of a segment that waits for them. */
  takeParts(segment: number, fragments: readonly Fragment[]): void {
    const whole = this.segments.find((s) => s.fragment.spec.segment === segment && s.phase === 'parting');
    assert(whole, `segment ${segment} does not wait for its parts`);
    const parts = fragments.map((f) => new SegmentRun(this, f, this.code(f.moduleId)));
    this.segments = this.segments.flatMap((s) => (s === whole ? parts : [s]));
  }
  mustAllocate(bytes: number): number {
    const at = this.memory.allocate(bytes);
    if (at === 0) this.outOfMemory();
    return at;
  }
  outOfMemory(): never {
    return this.fail(17);
  }
  fail(code: number, argument = ''): never {
    throw runtimeSqlError(code, argument);
  }
  get kernels(): BreakerHost['kernels'] {
    return this.surroundings.kernels;
  }
  get temp(): BreakerHost['temp'] {
    return this.surroundings.temp;
  }
  get inlineBytesMax(): number {
    return this.surroundings.inlineBytesMax ?? INLINE_BYTES_MAX;
  }
  get spillRows(): number | undefined {
    return this.surroundings.spillRows;
  }
  openBreaker<B extends Breaker>(id: number, make: () => B): B {
    const known = this.breakers.get(id);
    if (known) return known as B;
    const breaker = make();
    this.breakers.set(id, breaker);
    this.breakersByAddress.set(breaker.address, breaker);
    return breaker;
  }
  /** Gives its memory back; its rows were read. */
  private freeBreaker(breaker: Breaker): void {
    if (this.freed.has(breaker)) return;
    this.freed.add(breaker);
    breaker.free();
  }
  /** Of a round that is over: nothing of it is left. */
  dropBreaker(id: number): void {
    const breaker = this.breakers.get(id);
    if (breaker === undefined) return;
    this.freeBreaker(breaker);
    this.breakers.delete(id);
    this.breakersByAddress.delete(breaker.address);
    breaker.store.recycle();
  }
  renameBreaker(from: number, to: number): void {
    this.breakers.set(to, this.breaker(from));
    this.breakers.delete(from);
  }
  /** The recursion's segments begin their next round. */
  beginAgain(recursion: number): void {
    const others = this.segments.filter((s) => s.fragment.spec.recursion !== recursion);
    const { round } = this.recursion(recursion)!;
    const again = this.start.fragments
      .filter((f) => f.spec.recursion === recursion)
      .map((f) => new SegmentRun(this, f, this.code(f.moduleId), round));
    this.segments = [...others, ...again];
  }
  breaker(id: number): Breaker {
    const b = this.breakers.get(id);
    assert(b, `store ${id} was never opened`);
    return b;
  }
  /** Those that were opened, by their store. */
  get openBreakers(): ReadonlyMap<number, Breaker> {
    return this.breakers;
  }
  breakerAt(address: number): Breaker {
    const b = this.breakersByAddress.get(address >>> 0);
    assert(b, 'unknown store address');
    return b;
  }
  /** Has the rows that running segments keep leave memory; false when there are none worth it. */
  askToSpill(): boolean {
    const breakers = this.segments.flatMap((s) => (s.phase === 'running' ? s.sink.breakers : []));
    return breakers.filter((b) => b.store.askToSpill()).length > 0;
  }
  /** Frees what the segment was the last to read. */
  freeRead(segment: SegmentRun): void {
    for (const id of segment.reads) if (!this.isReadAgain(id)) this.freeIfRead(id);
  }
  freeIfRead(id: number): void {
    if (this.segments.some((s) => s.phase !== 'done' && s.reads.includes(id))) return;
    const breaker = this.breakers.get(id);
    if (breaker !== undefined) this.freeBreaker(breaker);
  }
  /** By a recursion's next round, which does not fill it anew. */
  private isReadAgain(id: number): boolean {
    return this.recursions.some((r) => !r.isOver && r.keeps(id));
  }
  edge(id: number): { readonly spec: EdgeSpec; readonly buffer: SharedArrayBuffer } {
    const e = this.start.edges.find((x) => x.spec.edge === id);
    assert(e, `edge ${id} is missing`);
    const isOdd = (this.recursion(e.spec.recursion)?.round ?? 0) % 2 === 1;
    return isOdd && e.other !== undefined ? { spec: e.spec, buffer: e.other } : e;
  }
  deletesOf(table: StorageTable): RowAddresses {
    let list = this.deletes.get(table);
    if (!list) this.deletes.set(table, (list = new RowAddresses()));
    return list;
  }
  openLoad(load: number, segment: number): LoadFeed {
    const work = this.start.loads.find((l) => l.load === load);
    assert(work && this.surroundings.openLoad, 'COPY work is missing');
    const feed = this.surroundings.openLoad(work, this, segment);
    this.feeds.push(feed);
    return feed;
  }
  openUnload(unload: number): UnloadTarget {
    const work = this.start.unloads.find((u) => u.unload === unload);
    assert(work && this.surroundings.openUnload, 'UNLOAD work is missing');
    const target = this.surroundings.openUnload(work, this);
    this.targets.push(target);
    return target;
  }
  nextRows(rows: number): readonly (readonly unknown[])[] | undefined | null {
    assert(this.surroundings.nextRows, 'rows source on a slice');
    return this.surroundings.nextRows(rows, this);
  }
  takeOutput(bytes: Uint8Array, rows: number): boolean {
    assert(this.surroundings.takeOutput, 'result bytes on a slice');
    return this.surroundings.takeOutput(this, bytes, rows);
  }
  /** All segments are done: deletes go to storage, everything this query changed here is returned. */
  complete(): { changes: SliceChange[]; steps: StepCount[]; loads: unknown[]; unloads: unknown[] } {
    const { storage } = this.surroundings;
    for (const [table, list] of this.deletes) {
      assert(storage, 'delete step without storage');
      this.changes.push(storage.deleteRows(table, list, this.start.xid, this.start.statement));
    }
    return {
      changes: this.changes,
      steps: this.counts(),
      loads: this.feeds.map((f) => f.result()),
      unloads: this.unloadResults,
    };
  }
  counts(): StepCount[] {
    return this.past.length === 0 ? this.countsOf(this.segments) : addCounts(this.past, this.countsOf(this.segments));
  }
  /** Keeps what segments counted that begin anew. */
  countPast(segments: readonly SegmentRun[]): void {
    this.past = addCounts(this.past, this.countsOf(segments));
  }
  private countsOf(segments: readonly SegmentRun[]): StepCount[] {
    const out: StepCount[] = [];
    /** Outer rows that a join set aside, by the join's step. */
    const aside = new Map<string, number>();
    for (const s of segments) {
      const { spec, part } = s.fragment;
      const before = part?.before ?? 0;
      const steps = spec.transforms.length + 2;
      for (let step = 0; step < steps; step++) {
        const isSource = step === 0;
        const isSink = step === steps - 1;
        // Rows set aside between two parts are no step of the plan.
        const kept = isSink ? keptBy(s) : NOTHING_KEPT;
        const place = `${spec.origin ?? spec.segment} ${before + step}`;
        if (isSink && part?.isLast === false) aside.set(place, kept.spilledBytes);
        if ((isSource && before > 0) || (isSink && part?.isLast === false)) continue;
        const table = s.scanOf(step);
        const stats = table?.scan?.statistics;
        out.push({
          segment: spec.origin ?? spec.segment,
          step: before + step,
          rows: s.counter(step),
          ...(isSource ? { time: s.time.counts } : {}),
          ...edgesOf(isSink ? s.sink?.edges : isSource ? s.edgesIn : undefined),
          bytes: isSink ? (s.sink?.bytesOut ?? 0) : (stats?.bytesRead ?? (isSource ? s.bytesIn : 0)),
          packets: isSink ? (s.sink?.packetsOut ?? 0) : isSource ? s.packetsIn : 0,
          startMicros: s.startMicros,
          endMicros: s.endMicros,
          memoryBytes: kept.peakBytes,
          spilledBytes: kept.spilledBytes + (aside.get(place) ?? 0),
          scan: stats && {
            rowsPreFilter: stats.rowsRead,
            rowsDeleted: stats.rowsDeleted,
            rowsPreUserFilter: isSource
              ? s.counter(steps) + stats.rowsInDeletedGroups - stats.rowsDeleted
              : stats.rowsRead - stats.rowsDeleted,
            isRangeRestricted: table?.isRangeRestricted === true && stats.groupsSkipped > 0,
            isRowFiltered: isSource && s.isRowFiltered,
            blocks: table?.scan?.blocks() ?? [],
          },
        });
      }
    }
    return out;
  }
  /** The error a module left in its context. */
  runtimeError(ctx: number): unknown {
    if (this.pendingError !== undefined) return this.pendingError;
    const code = this.memory.u32(ctx + CTX.ERROR_CODE);
    const at = this.memory.u32(ctx + CTX.ERROR_ARG);
    const length = this.memory.u32(ctx + CTX.ERROR_LEN);
    return runtimeSqlError(code, decoder.decode(this.memory.bytes.slice(at, at + length)));
  }
  /** Frees everything; after a failure or cancel also undoes unfinished writes. */
  release(failed: boolean): void {
    if (this.released) return;
    this.released = true;
    try {
      for (const s of this.segments) s.close();
      for (const b of this.breakers.values()) b.removeFile();
      this.longs.close();
      if (failed) {
        for (const w of this.writers) w.abort();
        for (const t of this.targets) t.abort();
      }
    } finally {
      this.memory.release();
    }
  }
}

const NOTHING_KEPT = { peakBytes: 0, spilledBytes: 0 };
function keptBy({ sink, longBytes }: SegmentRun): typeof NOTHING_KEPT {
  const breakers = (sink as SegmentRun['sink'] | undefined)?.breakers ?? [];
  if (breakers.length === 0) return NOTHING_KEPT;
  return breakers.reduce(
    (sum, { statistics: s }) => ({
      peakBytes: sum.peakBytes + s.peakBytes,
      spilledBytes: sum.spilledBytes + s.spilledBytes,
    }),
    { peakBytes: 0, spilledBytes: longBytes },
  );
}
const edgesOf = (edges: readonly EdgeCount[] | undefined): { readonly edges?: readonly EdgeCount[] } =>
  edges === undefined || edges.length === 0 ? {} : { edges };

export function runtimeSqlError(code: number, argument: string): SqlError {
  const e = RUNTIME_ERRORS[code];
  if (!e) throw new AssertionError(`unknown runtime error code ${code}`);
  return new SqlError({
    sqlstate: e.sqlstate,
    message: e.message.replace('$1', () => argument),
    detail: e.detail,
    hint: e.hint,
  });
}
