/**
 * One segment of one query on one participant: its state memory and its life waiting -> running -> finishing -> done. `tick` runs it for a bounded while and says whether anything moved.
 */
import { assert } from '../common/assert.ts';
import { systemClock } from '../common/clock.ts';
import { hostCode } from '../common/errors/fault.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { BATCH_ROWS } from '../common/limits.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import { identityEntries } from './identity-entries.ts';
import type { Fragment } from './messages.ts';
import type { GroupScan } from '../slices/storage.ts';
import type { Breaker, Work } from '../steps/breakers/breaker.ts';
import { HashBreaker } from '../steps/hash/hash-breaker.ts';
import type { EdgeCount, SegmentHost, Sink, Source, Supply, Transform } from '../steps/host.ts';
import { setInput } from '../steps/source-input.ts';
import { sinkRuntime, sourceRuntime, transformRuntime } from '../steps/runtimes.ts';
import type { SegmentSpec } from '../steps/spec.ts';
import { isSpatial } from '../types/sql-type.ts';
import { STATE, STATUS } from '../steps/segment-code.ts';
import { isReference, lengthOf, LONG_KIND } from '../steps/long-values.ts';
import { readBytes, readValue, writeParameter, writeValue } from '../steps/values.ts';
import { streamStart } from '../common/random-stream.ts';
import { CTX } from '../wasm/memory-map.ts';
import { RegionChain, regionBytes, type Region } from '../wasm/region-chain.ts';
import { FetchedValues } from './fetched-values.ts';
import type { QueryRun } from './query-run.ts';
import type { SegmentInstance } from './segment-instance.ts';
import { SegmentTime, type WaitsFor } from './segment-time.ts';
import { joinsOnDisk, prepareTables, storesRead } from './tables.ts';
import { callSpatial, type SpatialArgument } from './spatial-library.ts';
import type { HostCall } from './surroundings.ts';

/** Stage calls (of at most BATCH_ROWS rows each) before a segment gives way to others. */
const BUDGET = 32;
/** The same while other queries wait for their turn: a millisecond or two. */
const SHARED_BUDGET = 4;
const HOST_SLOT = 24;
/** Rows of the first batch of a segment that calls spatial functions, and time of one after which fewer follow. */
const SLOW_ROWS_FIRST = 1;
const SLOW_MS = 8;
type Kernel = (...values: (number | bigint)[]) => number;
/** Runtime error code. */
const OUT_OF_MEMORY = 17;
/** What a segment's breakers take when it begins, and what a batch takes that goes to a writer. */
const BEGIN_BYTES = 128 * 1024;
const WRITTEN_BYTES = 512 * 1024;

export class SegmentRun implements SegmentHost {
  state = 0;
  phase: 'waiting' | 'parting' | 'running' | 'finishing' | 'done' = 'waiting';
  startMicros = 0n;
  endMicros = 0n;
  bytesIn = 0;
  packetsIn = 0;
  longBytes = 0;
  isRangeRestricted = false;
  scan: Pick<GroupScan, 'statistics' | 'blocks'> | undefined;
  sink!: Sink;
  transforms: readonly Transform[] = [];
  private readonly byStep = new Map<number, Transform>();
  private source!: Source;
  private functions!: SegmentInstance['functions'];
  private preparing: Work | undefined;
  private isSealing = false;
  private counters: readonly number[] | undefined;
  private readonly scratch: RegionChain;
  private arenaBytes = 0;
  private readonly fetched: FetchedValues;
  readonly time = new SegmentTime();
  private waitsFor: WaitsFor = 'input';

  constructor(
    readonly run: QueryRun,
    readonly fragment: Fragment,
    private readonly code: SegmentInstance,
    /** Of the recursion that it belongs to. */
    private readonly round = 0,
  ) {
    this.scratch = new RegionChain(run.memory);
    this.fetched = new FetchedValues(run.memory, run.longs, () => this.state);
  }

  /** True when something was done. */
  tick(): boolean {
    if (this.phase === 'done' || this.phase === 'parting') return false;
    if (this.phase === 'waiting' && !this.run.dependenciesDone(this.fragment.spec)) return false;
    this.time.enter();
    const moved = this.work();
    this.time.leave(moved ? 'turn' : this.waitsFor);
    return moved;
  }
  private work(): boolean {
    if (this.phase === 'waiting') {
      this.preparing ??= prepareTables(this.run, this.fragment.spec);
      if (this.preparing.next().done !== true) return true;
      // Whoever waits may see its tables go to disk.
      this.preparing = undefined;
      const bytes = this.fragment.layout.stateBytes;
      if (!this.run.memory.mayBegin(bytes) || !this.hasRoom(bytes + BEGIN_BYTES)) return this.waits();
      if (this.wantsParts()) return true;
      this.begin();
    }
    this.run.current = this;
    if (this.phase !== 'running') return this.finish();
    return this.mayGoOn() ? this.step() : this.waits();
  }
  /** For memory, which is its turn on the thread that it does not get. */
  private waits(): false {
    this.waitsFor = 'turn';
    return false;
  }
  /** While memory is short only the oldest query goes on, and what gives memory back. */
  private mayGoOn(): boolean {
    const { breakers } = this.sink;
    if (this.run.memory.mayGoOn(breakers.some((b) => !b.store.canSpill))) return true;
    if (breakers.some((b) => b.needsHelp)) return true;
    if (breakers.length === 0) return this.fragment.spec.source.kind === 'worktable';
    return breakers.some((b) => b.store.askToSpill());
  }
  /** One per participant at the other end of its source's edge. */
  get edgesIn(): readonly EdgeCount[] | undefined {
    return (this.source as Source | undefined)?.edges;
  }
  /** Stores that it reads. */
  get reads(): readonly number[] {
    return storesRead(this.fragment.spec);
  }
  /** Tables on disk are joined partition by partition, by a segment each. */
  private wantsParts(): boolean {
    const { spec } = this.fragment;
    const joins = joinsOnDisk(this.run, spec);
    if (joins.length === 0) return false;
    this.phase = 'parting';
    this.run.surroundings.wantParts(this.run, spec.segment, joins);
    return true;
  }
  private begin(): void {
    this.startMicros = this.run.surroundings.nowMicros();
    const { memory } = this.run;
    const { layout } = this.fragment;
    this.state = this.run.mustAllocate(layout.stateBytes);
    memory.zero(this.state, layout.stateBytes);
    memory.setU32(this.state + STATE.BATCH_LIMIT, this.batchRows);
    this.writeContext();
    for (const [slot, l] of this.fragment.literals.entries()) this.writeSlot(slot, l.type, l.value);
    for (const [i, p] of this.run.start.parameters.entries()) {
      this.writeSlot(this.fragment.literals.length + i, p.type, p.value);
    }
    for (const [i, list] of this.fragment.lists.entries()) this.place(layout.lists[i], list);
    for (const [i, table] of this.fragment.tables.entries()) this.place(layout.tables[i], table);
    this.presetNulls();
    this.functions = this.code.functions;
    const { source, transforms, sink } = this.fragment.spec;
    this.sink = sinkRuntime(sink).open(this.run, this, sink);
    this.sink.open();
    for (const store of Object.keys(layout.stores)) {
      memory.setU32(this.state + layout.stores[Number(store)]!, this.breakerOf(Number(store)).address);
    }
    this.phase = 'running';
    for (const [i, t] of transforms.entries()) {
      const transform = transformRuntime(t)?.open(this.run, this, t);
      if (transform === undefined) continue;
      this.byStep.set(i + 1, transform);
      this.transforms = [...this.byStep.values()];
    }
    this.source = sourceRuntime(source).open(this.run, this, source);
  }
  /** Negative: one of the sink's own. */
  private breakerOf(store: number): Breaker {
    return store < 0 ? this.sink.breakers[-store]! : this.run.breaker(store);
  }
  /** Memory that goes with the state. */
  private owned(bytes: number): number {
    const at = this.run.mustAllocate(bytes);
    this.own.push(at);
    return at;
  }
  private readonly own: number[] = [];
  /** Data that no code looks into has no field. */
  private place(field: number | undefined, data: Uint8Array): void {
    if (field === undefined) return;
    const { memory } = this.run;
    const at = this.owned(data.length);
    memory.bytes.set(data, at);
    memory.setU32(this.state + field, at);
  }
  private writeContext(): void {
    const { memory, start } = this.run;
    const s = start.session;
    const at = this.state;
    const scratch = this.scratch.open() ?? this.run.outOfMemory();
    memory.setU32(at + CTX.SCRATCH_CUR, scratch.start);
    memory.setU32(at + CTX.SCRATCH_END, scratch.end);
    memory.setI64(at + STATE.SCRATCH_EMPTY, memory.i64(at + CTX.SCRATCH_CUR));
    memory.setI64(at + CTX.NOW, s.nowMicros);
    memory.setI64(at + CTX.STMT_NOW, s.statementMicros);
    memory.setU32(at + CTX.TZ_TABLE, this.run.zoneTable);
    memory.setU32(at + CTX.FLOAT_DIGITS, s.floatDigits);
    memory.setU32(at + CTX.DATE_STYLE, s.dateStyle);
    memory.setU32(at + CTX.STRING_MAX, s.stringMax);
    memory.setU32(at + CTX.INLINE_MAX, this.run.inlineBytesMax);
    const random = this.randomStart();
    // A later part of a segment draws on where the first one does not; by content, all parts of all copies begin alike.
    const before = this.fragment.part?.before ?? 0;
    memory.setI64(at + CTX.RANDOM, before === 0 ? random : streamStart(random, before, 0));
    memory.setI64(at + CTX.RANDOM_FIRST, random);
    const { identity } = this.run.start;
    if (identity === undefined) return;
    const slice = this.fragment.spec.locus === 'leader' ? 0 : this.run.surroundings.participant;
    const entries = identityEntries(identity, this.fragment.spec, slice);
    if (entries === undefined) return;
    const table = this.owned(entries.length);
    memory.bytes.set(entries, table);
    memory.setU32(at + CTX.IDENTITY, table);
  }
  /** Start of this segment's random stream; copies of an ALL table must have one in common. */
  private randomStart(): bigint {
    const { randomSeed } = this.run.start.session;
    if (randomSeed === undefined) return 0n;
    const { spec } = this.fragment;
    const { source } = this.firstPart;
    const shared = sourceRuntime(source).readsCopies?.(source) ?? false;
    const { participant } = this.run.surroundings;
    const start = streamStart(randomSeed, spec.origin ?? spec.segment, shared ? 0 : participant);
    return this.round === 0 ? start : streamStart(start, this.round, 0);
  }
  /** Where the rows of a segment in parts come from. */
  private get firstPart(): SegmentSpec {
    const { spec } = this.fragment;
    if (spec.origin === undefined) return spec;
    const first = this.run.segments.find(({ fragment: f }) => f.spec.origin === spec.origin && f.part?.before === 0);
    return first?.fragment.spec ?? spec;
  }
  private writeSlot(slot: number, type: Parameters<typeof writeParameter>[3], value: unknown): void {
    const { memory } = this.run;
    // Others in each round of a recursion.
    const place = this.fragment.spec.recursion === undefined ? undefined : (bytes: number) => this.owned(bytes);
    writeParameter(memory, this.state + this.fragment.layout.parameters, slot, type, value, place);
  }
  /** Row BATCH_ROWS of every base vector is NULL, for the drain of outer joins. */
  private presetNulls(): void {
    for (const offset of this.fragment.layout.nullRows) this.run.memory.bytes[this.state + offset] = 1;
  }
  /** Value of a literal or parameter by its index (negative: literal). */
  parameterValue(index: number): unknown {
    return index < 0 ? this.fragment.literals[-1 - index]?.value : this.run.start.parameters[index]?.value;
  }
  /** LIMIT and OFFSET: a literal or parameter; undefined for NULL (no limit). */
  evaluateCount(expr: BoundExpr): number | undefined {
    const e = expr.kind === 'cast' ? expr.arg : expr;
    const v = e.kind === 'const' ? e.value : e.kind === 'param' ? this.parameterValue(e.index) : undefined;
    if (v === null || v === undefined) return undefined;
    const n = Number(v);
    if (n < 0) throw new SqlError({ sqlstate: '22023', message: 'LIMIT must not be negative' });
    if (n > 2_147_483_647) throw new SqlError({ sqlstate: '22003', message: 'integer out of range' });
    return n;
  }
  private step(): boolean {
    if (this.needsHelp) return this.help();
    if (this.writes && !this.hasRoom(WRITTEN_BYTES)) return this.waits();
    this.run.surroundings.passPoint?.(stepKinds(this.fragment.spec));
    const { callsSpatial } = this.fragment.layout;
    const status = callsSpatial ? this.runMeasured() : this.functions.run(this.state, this.budget);
    switch (status) {
      case STATUS.YIELD:
        return true;
      case STATUS.NEED_INPUT: {
        this.waitsFor = 'input';
        const supply = this.supply();
        if (supply === 'done') this.run.memory.setU32(this.state + STATE.SOURCE_DONE, 1);
        return supply !== 'wait';
      }
      case STATUS.OUTPUT_FULL:
        this.waitsFor = 'output';
        return false;
      case STATUS.HELP:
        return this.help();
      case STATUS.DONE:
        if (this.goesOn()) return true;
        (this.run.surroundings.kernelExports['check_memory'] as (ctx: number) => void)(this.state);
        this.closeInputs();
        this.phase = 'finishing';
        this.finish();
        return true;
      default:
        throw this.run.runtimeError(this.state);
    }
  }
  private batchRows = SLOW_ROWS_FIRST;
  /** Rows that take long come a few at a time, so that others have their turn and a cancel is heard. */
  private runMeasured(): number {
    this.run.memory.setU32(this.state + STATE.BATCH_LIMIT, this.batchRows);
    const begun = systemClock.monotonicMs();
    const status = this.functions.run(this.state, SHARED_BUDGET);
    const took = systemClock.monotonicMs() - begun;
    if (took > SLOW_MS) this.batchRows = Math.max(1, this.batchRows >> 2);
    else if (took < SLOW_MS / 4) this.batchRows = Math.min(BATCH_ROWS, this.batchRows * 2);
    return status;
  }
  /** A source that gets no memory has the query's own rows make room, then waits for what other queries have. */
  private supply(): Supply {
    const { memory } = this.run;
    const asking = this.transforms.find((t) => t.asks === true);
    try {
      const supply = asking === undefined ? this.source.next() : asking.supply!();
      memory.unblock();
      return supply;
    } catch (error) {
      const isOut = error instanceof SqlError && error.sqlstate === '53200';
      if (!isOut || (asking === undefined && this.source.mayRetry !== true)) throw error;
      if (this.run.askToSpill()) return 'busy';
      if (!memory.mayRetry()) throw error;
      return 'wait';
    }
  }
  /** Its rows go into a table: they cannot leave memory but by that. */
  private get writes(): boolean {
    return this.sink.goesOn && this.sink.breakers.length === 0;
  }
  /** Whether so many bytes are free, or nobody could give them: false while it waits for them. */
  private hasRoom(bytes: number): boolean {
    const { memory, surroundings } = this.run;
    if (surroundings.pool.makeRoom(bytes) || surroundings.pool.relieve?.() === true) {
      memory.unblock();
      return true;
    }
    return !this.mayWait();
  }
  /** The query's own rows make room, then others' may. */
  private mayWait(): boolean {
    return this.run.askToSpill() || this.run.memory.mayRetry();
  }
  /** Work whose steps wait for memory that others have; false: it did. */
  private patiently(work: () => boolean): boolean {
    const { memory, surroundings } = this.run;
    let waited = false;
    surroundings.pool.onShortage = () => (waited = this.mayWait());
    try {
      const moved = work();
      if (waited) return this.waits();
      memory.unblock();
      return moved;
    } finally {
      surroundings.pool.onShortage = undefined;
    }
  }
  private get needsHelp(): boolean {
    return this.sink.hasWork === true || this.sink.breakers.some((b) => b.needsHelp);
  }
  /** One step of what the sink has to do first, or its breakers were asked for. */
  private help(): boolean {
    if (this.sink.hasWork === true) return this.patiently(() => (this.sink.step!(), true));
    this.sink.breakers.find((b) => b.needsHelp)?.helpStep();
    return true;
  }
  private get budget(): number {
    return this.run.isAlone ? BUDGET : SHARED_BUDGET;
  }
  /** Partition by partition: another one begins. */
  private goesOn(): boolean {
    const { memory } = this.run;
    if (memory.u32(this.state + STATE.STOP) !== 0 || this.source.advance?.() !== true) return false;
    memory.setU32(this.state + STATE.SOURCE_DONE, 0);
    memory.setU32(this.state + STATE.INPUT_ROWS, 0);
    memory.setU32(this.state + STATE.INPUT_POSITION, 0);
    return true;
  }
  private finish(): boolean {
    if (!this.isSealing) {
      if (this.sink.breakers.length > 0 && !this.mayGoOn()) return this.waits();
      if (this.sink.breakers.some((b) => b.needsHelp)) return this.help();
      this.isSealing = true;
    }
    // A writer sorts and merges as long as it likes: while memory is short, the oldest query's alone.
    if (this.writes && !this.run.memory.mayGoOn(false)) return this.waits();
    this.waitsFor = 'output';
    let hasEnded = false;
    const moved = this.patiently(() => ((hasEnded = this.sink.finish()), hasEnded || this.sink.goesOn));
    if (!hasEnded) return moved;
    this.phase = 'done';
    this.endMicros = this.run.surroundings.nowMicros();
    this.run.freeRead(this);
    this.fetched.close();
    if (!this.sink.keepsState) this.freeState();
    return true;
  }
  private freeState(): void {
    const { memory } = this.run;
    this.counters = Array.from({ length: this.fragment.spec.transforms.length + 3 }, (_, step) => this.counter(step));
    this.wasRowFiltered = this.isRowFiltered;
    memory.free(this.state);
    for (const at of this.own) memory.free(at);
    this.scratch.close();
    this.state = 0;
  }
  /** The scan has asked the filter of a join behind it. */
  get isRowFiltered(): boolean {
    return this.state === 0 ? this.wasRowFiltered : this.run.memory.u32(this.state + STATE.ROW_FILTERED) === 1;
  }
  private wasRowFiltered = false;
  /** Emptied with the rows that the arena belonged to. */
  readonly forgetArena = (): void => {
    const { memory } = this.run;
    for (const field of [CTX.ARENA_CUR, CTX.ARENA_END, CTX.ARENA_LAST, CTX.CHECKED_ARENA])
      memory.setU32(this.state + field, 0);
  };
  *takeBack(code: 'merge' | `apply${number}`, address: number, rows: number): Work {
    const { memory } = this.run;
    const merge = this.functions[code];
    assert(merge, `a segment without code to ${code}`);
    for (const field of [STATE.SOURCE_DONE, STATE.STOP]) memory.setU32(this.state + field, 0);
    setInput(this.run, this, address, rows, false);
    for (;;) {
      const reader = this.run.current;
      this.run.current = this;
      const status = merge(this.state, this.budget);
      this.run.current = reader;
      if (status === STATUS.NEED_INPUT) return;
      if (status === STATUS.ERROR) throw this.run.runtimeError(this.state);
      if (status === STATUS.HELP) for (const b of this.sink.breakers) if (b.needsHelp) yield* b.help();
      yield;
    }
  }
  close(): void {
    if (this.phase === 'running') this.closeInputs();
  }
  /** Whatever of them was opened: the source is the last to be. */
  private closeInputs(): void {
    try {
      (this.source as Source | undefined)?.close();
    } finally {
      for (const t of this.transforms) t.close?.();
    }
  }
  /** What the step reads of a table. */
  scanOf(step: number): Pick<Transform, 'scan' | 'isRangeRestricted'> | undefined {
    return step === 0 ? this : this.byStep.get(step);
  }
  counter(step: number): number {
    if (this.counters !== undefined) return this.counters[step] ?? 0;
    if (this.state === 0) return 0;
    return Number(this.run.memory.i64(this.state + this.fragment.layout.counters + step * 8));
  }

  /** What its code asks the host for (segment-code.ts): 1 (or what the host says), or 0 with the error kept and the context told. */
  ask(work: (segment: SegmentRun) => boolean | number): number {
    try {
      return Number(work(this));
    } catch (error) {
      this.fail(error);
      return 0;
    }
  }
  private fail(error: unknown): void {
    this.run.pendingError = error;
    this.run.memory.setU32(this.state + CTX.ERROR_CODE, 0xffff);
  }
  refuse(row: number, column: number, cell: number): boolean {
    this.source.refuse!(row, column, cell);
    return true;
  }
  deleteRows(addresses: number, rows: number): boolean {
    return this.transforms.find((t) => t.deleteRows)!.deleteRows!(addresses, rows);
  }
  callHost(call: HostCall, slots: number): void {
    const { run } = this;
    if (call.spatial !== undefined) return this.callSpatial(call.spatial, call, slots);
    try {
      assert(run.surroundings.callHost, `host function ${call.name} on a slice`);
      const args = call.args.map((type, i) => {
        const at = slots + i * HOST_SLOT;
        return run.memory.u32(at + 16) === 1 ? null : readValue(run.memory, at, type);
      });
      const { callHost } = run.surroundings;
      this.answer(
        call,
        slots,
        hostCode(() => callHost(call, args, run)),
      );
    } catch (error) {
      this.fail(error);
    }
  }
  private callSpatial(name: string, call: HostCall, slots: number): void {
    const { memory, start } = this.run;
    try {
      const args = call.args.map((type, i) => {
        const at = slots + i * HOST_SLOT;
        const kept = isSpatial(type);
        if (memory.u32(at + 16) === 1) return { value: null, kept };
        const isBytes = kept || type.name === 'varbyte';
        return { value: isBytes ? readBytes(memory, at) : readValue(memory, at, type), kept } as SpatialArgument;
      });
      const context = { boxed: start.session.boxedGeometries };
      this.answer(
        call,
        slots,
        hostCode(() => callSpatial(name, args, context)),
      );
    } catch (error) {
      this.fail(error);
    }
  }
  /** A host function's result, where its first argument was. */
  private answer(call: HostCall, slots: number, result: unknown): void {
    const { memory } = this.run;
    memory.setI64(slots, 0n);
    memory.setI64(slots + 8, 0n);
    memory.setU32(slots + 16, result === null || result === undefined ? 1 : 0);
    if (result !== null && result !== undefined)
      writeValue(memory, slots, call.returns, result, (bytes) => this.scratchBytes(bytes));
  }
  /** Scratch of the running row, for a host function's text. */
  private scratchBytes(bytes: number): number {
    const allocate = this.run.surroundings.kernelExports['alloc_scratch'] as (ctx: number, bytes: bigint) => number;
    return allocate(this.state, BigInt(bytes)) || this.run.outOfMemory();
  }
  /** env.grow: the next scratch region (which 0) or arena region (1): 1, or 0 with an error; 2: the address of memory. */
  grow(which: number, bytes: number): number {
    if (which === 2) return this.lasting(bytes);
    const { memory } = this.run;
    const region =
      which === 0 ? this.scratch.grow(memory.u32(this.state + CTX.SCRATCH_END), bytes) : this.arena(bytes);
    if (region === undefined) {
      memory.setU32(this.state + CTX.ERROR_CODE, OUT_OF_MEMORY);
      return 0;
    }
    memory.setU32(this.state + (which === 0 ? CTX.SCRATCH_CUR : CTX.ARENA_CUR), region.start);
    memory.setU32(this.state + (which === 0 ? CTX.SCRATCH_END : CTX.ARENA_END), region.end);
    return 1;
  }
  /** For what kernels remember; little, and goes with the segment's state. */
  private lasting(bytes: number): number {
    const at = this.run.memory.allocate(bytes);
    if (at === 0) this.run.memory.setU32(this.state + CTX.ERROR_CODE, OUT_OF_MEMORY);
    else this.own.push(at);
    return at;
  }
  /** A reference in place of a string that a row keeps; 0 with an error. */
  keepLong(value: bigint): bigint {
    try {
      this.longBytes += lengthOf(value);
      return this.run.longs.keep(value);
    } catch (error) {
      this.fail(error);
      return 0n;
    }
  }
  /** The string that a reference stands for, in memory until the row (or pair) at hand is done with; 0 with an error. */
  fetchLong(value: bigint, forPair: boolean): bigint {
    try {
      return this.fetched.fetch(value, forPair) ?? this.run.outOfMemory();
    } catch (error) {
      this.fail(error);
      return 0n;
    }
  }
  /** Memory that it only keeps in case: true when there was some. */
  giveBack(): boolean {
    return this.fetched.dropOne() || this.trimScratch();
  }
  /** Regions of deeper stacks than it has now. Not of the segment whose code runs, which may be between two positions. */
  private trimScratch(): boolean {
    if (this.state === 0 || this === this.run.current) return false;
    return this.scratch.trim(this.run.memory.u32(this.state + CTX.SCRATCH_END));
  }
  /** Whether strings are equal of which the second is kept as a reference, the first perhaps. */
  isSameLong(a: bigint, b: bigint, kind: number): boolean {
    const [length, isSameLength] = [lengthOf(a), lengthOf(a) === lengthOf(b)];
    if (isSameLength && this.run.longs.common(a, b, length) === length) return true;
    if (kind === LONG_KIND.bytes || (kind === LONG_KIND.string && isSameLength)) return false;
    // Strings may differ in blanks at their ends or in case, and documents in their form.
    const inMemory = (v: bigint): bigint =>
      isReference(v) ? (this.fetched.fetch(v, true) ?? this.run.outOfMemory()) : v;
    const [x, y] = [inMemory(a), inMemory(b)];
    const kernels = this.run.surroundings.kernelExports as Readonly<Record<string, Kernel>>;
    if (kind === LONG_KIND.super) return kernels['super_eq']!(this.state, x, y) === 1;
    return kernels[kind === LONG_KIND.folded ? 'folded_eq' : 'str_eq']!(x, y) === 1;
  }
  nextUnmatched(store: number, out: number, limit: number): number {
    const breaker = this.run.breakerAt(store);
    assert(breaker instanceof HashBreaker, 'only a hash table has unmatched rows');
    // The other tables' unmatched rows are known when the last partition is through.
    if (this.source.isBetween?.(breaker) === true) return 0;
    return breaker.nextUnmatched(out, limit);
  }
  private arena(bytes: number): Region | undefined {
    const [breaker] = this.sink.breakers;
    if (breaker !== undefined) return breaker.store.growArena(bytes);
    const size = (this.arenaBytes = regionBytes(bytes, this.arenaBytes));
    const start = this.run.memory.allocate(size);
    if (start === 0) return undefined;
    this.own.push(start);
    return { start, end: start + size };
  }
}

const stepKinds = ({ source, transforms, sink }: Fragment['spec']): string[] =>
  [source, ...transforms, sink].map((s) => s.kind);
