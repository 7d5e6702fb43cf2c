/**
 * The host's side of sinks: what the imports of a segment's module do while it runs, and what happens when its input
 * has ended. `finish` may have to be called several times: it gives false while the exchange is full.
 */
import { assert } from '../common/assert.ts';
import { RingWriter } from '../interconnect/ring.ts';
import type { SliceChange, SliceWriter, Steps } from '../slices/storage.ts';
import { DIST_STATE, STAGING } from '../steps/dist/emit.ts';
import { OUTPUT } from '../steps/return/emit.ts';
import type { SinkSpec } from '../steps/spec.ts';
import type { QueryRun } from './query-run.ts';
import type { SegmentRun } from './segment-run.ts';
import { Sampler } from './sample.ts';
import { ownerOf, type UnloadTarget } from './surroundings.ts';

export interface Sink {
  /** Called once before the first run. */
  open(): void;
  /** Input has ended; true when everything is handed on. */
  finish(): boolean;
  /** When finish() gave false: it has work left that waits for nobody. */
  readonly goesOn: boolean;
  distFlush(target: number, need: number): boolean;
  outputFlush(need: number): boolean;
  insertRows(rows: number): boolean;
  readonly bytesOut: number;
  readonly packetsOut: number;
}

abstract class BaseSink implements Sink {
  bytesOut = 0;
  packetsOut = 0;
  readonly goesOn: boolean = false;
  constructor(
    protected readonly run: QueryRun,
    protected readonly segment: SegmentRun,
  ) {}
  open(): void {}
  abstract finish(): boolean;
  distFlush(_target: number, _need: number): boolean {
    throw assert(false, 'not a dist step');
  }
  outputFlush(_need: number): boolean {
    throw assert(false, 'not a return step');
  }
  insertRows(_rows: number): boolean {
    throw assert(false, 'not an insert step');
  }
}

export function openSink(run: QueryRun, segment: SegmentRun): Sink {
  const { sink } = segment.fragment.spec;
  switch (sink.kind) {
    case 'hash':
    case 'aggr':
    case 'sort':
    case 'save':
      return new StoreSink(run, segment, sink);
    case 'dist':
      return new DistSink(run, segment, sink);
    case 'return':
    case 'unload':
      return new OutputSink(run, segment, sink);
    case 'insert':
      return new InsertSink(run, segment, sink);
    case 'discard':
      return new DiscardSink(run, segment);
  }
}

class DiscardSink extends BaseSink {
  finish(): boolean {
    return true;
  }
}

/** hash, aggr, sort, save: rows stay in a store. */
class StoreSink extends BaseSink {
  constructor(
    run: QueryRun,
    segment: SegmentRun,
    private readonly sink: Extract<SinkSpec, { kind: 'hash' | 'aggr' | 'sort' | 'save' }>,
  ) {
    super(run, segment);
  }
  override open(): void {
    const store = this.run.openStore(this.sink.store, this.sink.shape.layout);
    if (this.sink.kind === 'aggr') {
      const elsewhere = this.sink.single && this.run.surroundings.participant !== 0;
      const ok = this.sink.groups.length > 0 ? store.startTable() : elsewhere || store.makeSingle();
      if (!ok) this.run.outOfMemory();
      for (const d of this.segment.fragment.distinctStores) {
        if (!this.run.openStore(d.store, d.layout).startTable()) this.run.outOfMemory();
      }
    }
  }
  finish(): boolean {
    const store = this.run.store(this.sink.store);
    store.close();
    if (this.sink.kind === 'hash') {
      if (this.sink.singleRow && store.count > 1) this.run.fail(18);
      const ok = this.sink.keys.length === 0 ? store.buildChain() : store.build();
      if (!ok) this.run.outOfMemory();
    } else if (this.sink.kind === 'sort') {
      const limit = this.sink.limit ? this.segment.evaluateCount(this.sink.limit) : undefined;
      if (!store.sort(limit ?? Number.MAX_SAFE_INTEGER)) this.run.outOfMemory();
    }
    return true;
  }
}

class DistSink extends BaseSink {
  private headers = 0;
  private readonly targets: { writers: RingWriter[]; bells: number[]; capacity: number; flushing: boolean }[] = [];
  private ended = false;

  constructor(
    run: QueryRun,
    segment: SegmentRun,
    private readonly sink: Extract<SinkSpec, { kind: 'dist' }>,
  ) {
    super(run, segment);
  }
  override open(): void {
    const { run, segment, sink } = this;
    const { participant, sliceCount, slicesPerNode } = run.surroundings;
    const edge = run.edge(sink.edge);
    const sender = edge.spec.from === 'leader' ? 0 : participant;
    const writer = (receiver: number): RingWriter => new RingWriter(edge.buffer, sender, receiver);
    const bell = (receiver: number): number => (edge.spec.to === 'leader' ? sliceCount : receiver);
    const all = Array.from({ length: edge.spec.to === 'leader' ? 1 : sliceCount }, (_, i) => i);
    const groups: number[][] = {
      hash: all.map((r) => [r]),
      even: all.map((r) => [r]),
      broadcast: [all],
      owners: [all.filter((r) => ownerOf(r, slicesPerNode) === r)],
      single: [[0]],
      leader: [[0]],
    }[sink.mode];
    const capacity = Math.max(sink.shape.layout.size * 2, groups.length <= 8 ? 64 * 1024 : 16 * 1024);
    this.headers = run.mustAllocate(groups.length * STAGING.BYTES);
    for (const [i, receivers] of groups.entries()) {
      this.targets.push({ writers: receivers.map(writer), bells: receivers.map(bell), capacity, flushing: false });
      this.place(i, run.mustAllocate(capacity));
    }
    // Receivers that get no rows in this mode still wait for this sender's end.
    const used = new Set(groups.flat());
    this.silent = all.filter((r) => !used.has(r)).map((r) => ({ writer: writer(r), bell: bell(r) }));
    const at = segment.state + segment.fragment.layout.staging;
    run.memory.setU32(at + DIST_STATE.HEADERS, this.headers);
    run.memory.setU32(at + DIST_STATE.TARGETS, groups.length);
    run.memory.setU32(at + DIST_STATE.ROUND_ROBIN, participant + run.start.query);
  }
  private silent: { writer: RingWriter; bell: number }[] = [];

  private place(target: number, start: number): void {
    const { memory } = this.run;
    const h = this.headers + target * STAGING.BYTES;
    const end = start + this.targets[target]!.capacity;
    memory.setU32(h + STAGING.FRONT, start);
    memory.setU32(h + STAGING.BACK, end);
    memory.setU32(h + STAGING.COUNT, 0);
    memory.setU32(h + STAGING.START, start);
    memory.setU32(h + STAGING.END, end);
  }
  /** Sends what is staged; true when the buffer is empty and has room for `need` bytes. */
  override distFlush(target: number, need: number): boolean {
    const { memory, surroundings } = this.run;
    const t = this.targets[target]!;
    const h = this.headers + target * STAGING.BYTES;
    const start = memory.u32(h + STAGING.START);
    if (!t.flushing && memory.u32(h + STAGING.COUNT) > 0) {
      const head = new Uint8Array(8);
      new DataView(head.buffer).setUint32(0, memory.u32(h + STAGING.COUNT), true);
      const tuples = memory.bytes.subarray(start, memory.u32(h + STAGING.FRONT));
      const strings = memory.bytes.subarray(memory.u32(h + STAGING.BACK), memory.u32(h + STAGING.END));
      for (const w of t.writers) {
        if (w.closed) continue;
        w.begin(head, tuples, strings);
        this.bytesOut += tuples.length + strings.length;
        this.packetsOut++;
      }
      t.flushing = true;
    }
    if (t.flushing) {
      let complete = true;
      for (const [i, w] of t.writers.entries()) {
        if (!w.idle && !w.write()) complete = false;
        surroundings.doorbells.ring(t.bells[i]!);
      }
      if (!complete) return false;
      t.flushing = false;
    }
    if (need > t.capacity) {
      memory.free(start);
      t.capacity = need + 4096;
      this.place(target, this.run.mustAllocate(t.capacity));
    } else this.place(target, start);
    return true;
  }
  finish(): boolean {
    if (this.ended) return true;
    let all = true;
    for (let i = 0; i < this.targets.length; i++) if (!this.distFlush(i, 0)) all = false;
    if (!all) return false;
    for (const t of this.targets) {
      for (const [i, w] of t.writers.entries()) {
        w.end();
        this.run.surroundings.doorbells.ring(t.bells[i]!);
      }
    }
    for (const s of this.silent) {
      s.writer.end();
      this.run.surroundings.doorbells.ring(s.bell);
    }
    this.ended = true;
    return true;
  }
}

const OUTPUT_BUFFER = 64 * 1024;

/** return and unload: bytes in one buffer, sent to the leader (or, on the leader, given to the result). */
class OutputSink extends BaseSink {
  private buffer = 0;
  private capacity = OUTPUT_BUFFER;
  private writer: RingWriter | undefined;
  private target: UnloadTarget | undefined;
  private flushing = false;

  constructor(
    run: QueryRun,
    segment: SegmentRun,
    private readonly sink: Extract<SinkSpec, { kind: 'return' | 'unload' }>,
  ) {
    super(run, segment);
  }
  override open(): void {
    const { run, sink } = this;
    const { surroundings } = run;
    this.buffer = run.mustAllocate(this.capacity);
    const isCompute = this.segment.fragment.spec.locus === 'compute';
    if (sink.kind === 'unload' && !sink.framed && isCompute) {
      const work = run.start.unloads.find((u) => u.unload === sink.unload);
      assert(work && surroundings.openUnload, 'UNLOAD work is missing');
      this.target = surroundings.openUnload(work, run);
      run.targets.push(this.target);
    } else if (isCompute) {
      const edge = run.edge(sink.edge);
      this.writer = new RingWriter(edge.buffer, surroundings.participant, 0);
    }
    this.reset();
  }
  private get at(): number {
    return this.segment.state + this.segment.fragment.layout.output;
  }
  private reset(): void {
    const { memory } = this.run;
    memory.setU32(this.at + OUTPUT.CUR, this.buffer);
    memory.setU32(this.at + OUTPUT.START, this.buffer);
    memory.setU32(this.at + OUTPUT.END, this.buffer + this.capacity);
    memory.setU32(this.at + OUTPUT.ROWS, 0);
  }
  override outputFlush(need: number): boolean {
    const { memory, surroundings } = this.run;
    const end = memory.u32(this.at + OUTPUT.CUR);
    const rows = memory.u32(this.at + OUTPUT.ROWS);
    if (rows > 0 || this.flushing) {
      const bytes = memory.bytes.subarray(this.buffer, end);
      if (this.target) {
        this.target.write(bytes, rows);
      } else if (this.writer) {
        if (!this.flushing) {
          const head = new Uint8Array(4);
          new DataView(head.buffer).setUint32(0, rows, true);
          this.writer.begin(head, bytes);
          this.flushing = true;
        }
        const complete = this.writer.write();
        surroundings.doorbells.ring(surroundings.sliceCount);
        if (!complete) return false;
        this.flushing = false;
      } else if (!surroundings.takeOutput!(this.run, bytes, rows)) return false;
      this.bytesOut += bytes.length;
      this.packetsOut++;
    }
    if (need > this.capacity) {
      memory.free(this.buffer);
      this.capacity = need + 4096;
      this.buffer = this.run.mustAllocate(this.capacity);
    }
    this.reset();
    return true;
  }
  finish(): boolean {
    if (!this.outputFlush(0)) return false;
    if (this.writer && (this.sink.kind === 'unload' || this.sink.last)) {
      this.writer.end();
      this.run.surroundings.doorbells.ring(this.run.surroundings.sliceCount);
    }
    if (this.target) this.run.unloadResults.push(this.target.finish());
    return true;
  }
}

class InsertSink extends BaseSink {
  override readonly goesOn = true;
  private writer: Pick<SliceWriter, 'append'> | undefined;
  /** One step towards the end; true when it is reached. */
  private finishWriter: () => boolean = () => true;
  constructor(
    run: QueryRun,
    segment: SegmentRun,
    private readonly sink: Extract<SinkSpec, { kind: 'insert' }>,
  ) {
    super(run, segment);
  }
  override insertRows(rows: number): boolean {
    if (rows === 0) return true;
    const { run, segment, sink } = this;
    this.writer ??= this.openWriter();
    const { layout } = segment.fragment;
    this.writer.append(
      sink.columns.map((c, i) => ({
        attnum: c.attnum,
        values: segment.state + layout.vectors[i]!.values,
        nulls: segment.state + layout.vectors[i]!.nulls,
      })),
      rows,
    );
    void run;
    return true;
  }
  private openWriter(): Pick<SliceWriter, 'append'> {
    const { run, sink } = this;
    const { storage } = run.surroundings;
    assert(storage, 'insert step without storage');
    if (sink.sample) {
      const sampler = new Sampler(storage, sink.table);
      run.writers.add(sampler);
      this.finishWriter = () => (run.unloadResults.push(sampler.finish()), run.writers.delete(sampler), true);
      return sampler;
    }
    const { xid, statement } = run.start;
    const writer = storage.openWriter(sink.table, xid, statement, { sortRows: sink.sorted });
    run.writers.add(writer);
    let steps: Steps<SliceChange> | undefined;
    this.finishWriter = () => {
      const { done, value } = (steps ??= writer.finishSteps()).next();
      if (done !== true) return false;
      run.changes.push(value);
      run.writers.delete(writer);
      return true;
    };
    return writer;
  }
  finish(): boolean {
    if (this.writer && !this.finishWriter()) return false;
    this.writer = undefined;
    return true;
  }
}
