/**
 * The host's side of sources: `next` gives a segment its next input (a pinned row group, a frame, a run of tuples) by
 * writing the input fields of its state.
 */
import { assert } from '../common/assert.ts';
import { hostCode } from '../common/errors/fault.ts';
import { RingReader } from '../interconnect/ring.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import type { GroupScan, PinnedGroup, ZoneRange } from '../slices/storage.ts';
import { fitsNarrow, wideArithmetic } from '../steps/narrow.ts';
import { STATE } from '../steps/segment-code.ts';
import type { SegmentSpec, SourceSpec } from '../steps/spec.ts';
import { physOf } from '../types/sql-type.ts';
import type { QueryRun } from './query-run.ts';
import type { SegmentRun } from './segment-run.ts';
import { ownerOf, type LoadFeed } from './surroundings.ts';
import { writeTuple } from './values.ts';

export type Supply = 'ready' | 'wait' | 'done';
export interface Source {
  next(): Supply;
  /** COPY: a record that could not be converted. */
  refuse?(row: number, column: number, cell: number): void;
  close(): void;
}

export function openSource(run: QueryRun, segment: SegmentRun): Source {
  const { source } = segment.fragment.spec;
  switch (source.kind) {
    case 'scan':
      return new ScanSource(run, segment, source);
    case 'worktable':
      return new WorktableSource(run, segment, source.store);
    case 'receive':
      return new ReceiveSource(run, segment, source.edge);
    case 'rows':
      return new RowsSource(run, segment, source);
    case 'parse':
      return new ParseSource(run, segment, source.load);
  }
}

function setInput(
  run: QueryRun,
  segment: SegmentRun,
  address: number,
  rows: number,
  pointers: boolean,
  end = 0,
): void {
  const { memory } = run;
  memory.setU32(segment.state + STATE.INPUT_ADDRESS, address);
  memory.setU32(segment.state + STATE.INPUT_ROWS, rows);
  memory.setU32(segment.state + STATE.INPUT_POSITION, 0);
  memory.setU32(segment.state + STATE.INPUT_POINTERS, pointers ? 1 : 0);
  memory.setU32(segment.state + STATE.INPUT_END, end);
}

class ScanSource implements Source {
  private readonly scan: GroupScan | undefined;
  private group: PinnedGroup | undefined;
  private readonly wide: readonly BoundExpr[];
  private readonly projections = new Map<number, BoundExpr>();

  constructor(
    private readonly run: QueryRun,
    private readonly segment: SegmentRun,
    private readonly source: Extract<SourceSpec, { kind: 'scan' }>,
  ) {
    const { surroundings: s } = run;
    const spec: SegmentSpec = segment.fragment.spec;
    this.wide = segment.fragment.hasFast ? wideArithmetic(spec) : [];
    for (const t of spec.transforms)
      if (t.kind === 'project' || t.kind === 'evaluate')
        for (const c of t.columns) this.projections.set(c.id, c.expr);
    const storage = {
      own: s.storage,
      node: s.replica ?? s.storage,
      first: s.participant === 0 ? s.storage : undefined,
      owners: ownerOf(s.participant, s.slicesPerNode) === s.participant ? s.storage : undefined,
    }[source.read];
    const ranges = source.ranges.flatMap((r) => zoneRange(r, segment));
    segment.isRangeRestricted = ranges.length > 0;
    this.scan = storage?.scan(
      source.table,
      source.columns.map((c) => c.attnum),
      ranges,
      run.start.snapshot,
    );
    segment.scan = this.scan;
  }
  next(): Supply {
    this.group?.release();
    this.group = this.scan?.next();
    if (!this.group) return 'done';
    const { memory } = this.run;
    const { state, fragment } = this.segment;
    setInput(this.run, this.segment, 0, this.group.rowCount, false);
    memory.setU32(state + STATE.INVISIBLE, this.group.invisible);
    memory.setI64(state + STATE.GROUP_ID, BigInt(this.group.groupId) << 20n);
    memory.setU32(state + STATE.VARIANT, fragment.hasFast && this.isFast(this.group) ? 1 : 0);
    for (const [i, chunk] of this.group.chunks.entries())
      memory.setU32(state + fragment.layout.chunkFields + i * 4, chunk);
    return 'ready';
  }
  private isFast(group: PinnedGroup): boolean {
    const { codeVariant } = this.run.surroundings;
    if (codeVariant === 'general' || (codeVariant === 'alternate' && group.groupId % 2 === 0)) return false;
    if (group.hasNulls.some((n) => n)) return false;
    if (this.wide.length === 0 || codeVariant === 'no-nulls') return true;
    const index = new Map(this.source.columns.map((c, i) => [c.id, i]));
    return fitsNarrow(
      this.wide,
      this.projections,
      (id) => {
        const i = index.get(id);
        if (i === undefined) return undefined;
        const min = group.min[i];
        const max = group.max[i];
        if (min === undefined || max === undefined || physOf(this.source.columns[i]!.type) === 'i128')
          return undefined;
        return { low: Number(min), high: Number(max) };
      },
      (slot) => {
        const v = this.segment.parameterValue(slot);
        return typeof v === 'bigint' || typeof v === 'number' ? Number(v) : undefined;
      },
    );
  }
  close(): void {
    const consumed = this.group && this.run.memory.u32(this.segment.state + STATE.INPUT_POSITION);
    this.group?.release();
    this.group = undefined;
    this.scan?.close(consumed);
  }
}

function zoneRange(r: Extract<SourceSpec, { kind: 'scan' }>['ranges'][number], segment: SegmentRun): ZoneRange[] {
  const value =
    r.value.kind === 'const'
      ? r.value.value
      : r.value.kind === 'param'
        ? segment.parameterValue(r.value.index)
        : undefined;
  if (value === null || value === undefined || typeof value === 'object') return [];
  const v = value as bigint | number | string;
  switch (r.op) {
    case '=':
      return [{ attnum: r.attnum, low: v, lowInclusive: true, high: v, highInclusive: true }];
    case '<':
    case '<=':
      return [{ attnum: r.attnum, high: v, highInclusive: r.op === '<=' }];
    case '>':
    case '>=':
      return [{ attnum: r.attnum, low: v, lowInclusive: r.op === '>=' }];
  }
}

class WorktableSource implements Source {
  private extent = 0;
  constructor(
    private readonly run: QueryRun,
    private readonly segment: SegmentRun,
    private readonly storeId: number,
  ) {}
  next(): Supply {
    const store = this.run.store(this.storeId);
    if (store.sorted) {
      if (this.extent++ > 0 || store.sorted.count === 0) return 'done';
      setInput(this.run, this.segment, store.sorted.address, store.sorted.count, true);
      return 'ready';
    }
    store.close();
    while (this.extent < store.extents.length) {
      const e = store.extents[this.extent++]!;
      const rows = (e.end - e.start) / store.layout.size;
      if (rows === 0) continue;
      setInput(this.run, this.segment, e.start, rows, false);
      return 'ready';
    }
    return 'done';
  }
  close(): void {}
}

/** Frame: u32 rows, u32 unused, tuples, string bytes. */
class ReceiveSource implements Source {
  private readonly readers: { reader: RingReader; sender: number; buffer: number; capacity: number }[];
  private turn = 0;

  constructor(
    private readonly run: QueryRun,
    private readonly segment: SegmentRun,
    edgeId: number,
  ) {
    const edge = run.edge(edgeId);
    const { participant, sliceCount } = run.surroundings;
    const receiver = edge.spec.to === 'leader' ? 0 : participant;
    const senders = edge.spec.from === 'leader' ? 1 : sliceCount;
    this.readers = Array.from({ length: senders }, (_, s) => ({
      reader: new RingReader(edge.buffer, s, receiver),
      sender: edge.spec.from === 'leader' ? sliceCount : s,
      buffer: 0,
      capacity: 0,
    }));
  }
  next(): Supply {
    const { memory, surroundings } = this.run;
    let ended = 0;
    for (let k = 0; k < this.readers.length; k++) {
      const r = this.readers[(this.turn + k) % this.readers.length]!;
      if (!r.reader.hasData) {
        if (r.reader.ended) ended++;
        continue;
      }
      const frame = r.reader.read((length) => {
        if (r.capacity < length) {
          if (r.buffer !== 0) memory.free(r.buffer);
          r.capacity = Math.max(length, 16 * 1024);
          r.buffer = this.run.mustAllocate(r.capacity);
        }
        return memory.bytes.subarray(r.buffer, r.buffer + length);
      });
      surroundings.doorbells.ring(r.sender);
      if (!frame) continue;
      this.turn = (this.turn + k + 1) % this.readers.length;
      this.segment.bytesIn += frame.length;
      this.segment.packetsIn++;
      setInput(this.run, this.segment, r.buffer + 8, memory.u32(r.buffer), false, r.buffer + frame.length);
      return 'ready';
    }
    return ended === this.readers.length ? 'done' : 'wait';
  }
  /** The segment may be satisfied early (LIMIT): senders that are not at their end must not wait for us. */
  close(): void {
    for (const r of this.readers) {
      if (r.reader.ended) continue;
      r.reader.close();
      this.run.surroundings.doorbells.ring(r.sender);
    }
  }
}

/** Rows the leader's host code makes (system views, VALUES): written as tuples, a batch at a time. */
class RowsSource implements Source {
  private buffer = 0;
  private capacity = 0;
  constructor(
    private readonly run: QueryRun,
    private readonly segment: SegmentRun,
    private readonly source: Extract<SourceSpec, { kind: 'rows' }>,
  ) {}
  next(): Supply {
    const { surroundings, memory } = this.run;
    assert(surroundings.nextRows, 'rows source on a slice');
    const rows = surroundings.nextRows(this.source.rows, this.run);
    if (rows === undefined) return 'wait';
    if (rows === null) return 'done';
    const { layout, fields } = this.source.shape;
    const bytes = Math.max(8, rows.length * layout.size);
    if (this.capacity < bytes) {
      if (this.buffer !== 0) memory.free(this.buffer);
      this.buffer = this.run.mustAllocate(bytes);
      this.capacity = bytes;
    }
    // NULLs leave their cell alone: it must not hold what the memory held before.
    memory.zero(this.buffer, bytes);
    const types = fields.map((f) => f.type);
    // A view's cell may not have its column's form: that is its bug, and nothing outside the buffer was written.
    hostCode(() => {
      for (const [i, row] of rows.entries()) writeTuple(memory, this.buffer + i * layout.size, layout, types, row);
    });
    setInput(this.run, this.segment, this.buffer, rows.length, false);
    return rows.length === 0 ? this.next() : 'ready';
  }
  close(): void {}
}

class ParseSource implements Source {
  private readonly feed: LoadFeed;
  constructor(
    private readonly run: QueryRun,
    private readonly segment: SegmentRun,
    load: number,
  ) {
    const work = run.start.loads.find((l) => l.load === load);
    assert(work && run.surroundings.openLoad, 'COPY work is missing');
    this.feed = run.surroundings.openLoad(work, run, segment.fragment.spec.segment);
    run.feeds.push(this.feed);
  }
  next(): Supply {
    const n = this.feed.fill();
    if (n === 0) return 'done';
    setInput(this.run, this.segment, 0, n, false);
    this.run.memory.setU32(this.segment.state + STATE.INVISIBLE, 0);
    return 'ready';
  }
  refuse(row: number, column: number, cell: number): void {
    this.feed.refuse(row, column, cell);
  }
  close(): void {
    this.feed.close();
  }
}
