/**
 * The window step at run time. Its sink is a sort whose rows are then found by their number; its source supplies the
 * code's cursors with the rows they ask for, and its rings with room (state.ts).
 */
import { assert } from '../../common/assert.ts';
import { BreakerSink } from '../base-sink.ts';
import type { SegmentHost, SinkRuntime, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import type { WindowedSpec, WindowSpec } from './spec.ts';
import { CURSOR, RING, ringsAt, WANT_NOTHING, WINDOWED, type WindowedLayout } from './state.ts';
import { WindowBreaker } from './window-breaker.ts';

class WindowSink extends BreakerSink<WindowSpec, WindowBreaker> {
  protected make(): WindowBreaker {
    return new WindowBreaker(this.run, this.spec.shape.layout, this.spec.levels);
  }
}
export const windowRuntime: SinkRuntime<WindowSpec> = {
  open: (host, segment, spec) => new WindowSink(host, segment, spec),
};

/** Entries of a ring at first, or bytes of one that holds texts; it doubles. */
const RING_ENTRIES = 64;
const RING_TEXT_BYTES = 65536;

class WindowedSource implements Source {
  readonly mayRetry = true;
  private readonly breaker: WindowBreaker;
  private readonly layout: WindowedLayout;
  private readonly rings: number[] = [];

  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    spec: WindowedSpec,
  ) {
    const breaker = run.breaker(spec.store);
    const { windowed } = segment.fragment.layout;
    assert(breaker instanceof WindowBreaker && windowed !== undefined, 'a windowed source reads a window');
    this.breaker = breaker;
    this.layout = windowed;
  }
  private get at(): number {
    return this.segment.state + this.layout.at;
  }
  next(): Supply {
    const { memory } = this.run;
    const want = memory.view.getInt32(this.at + WINDOWED.WANT, true);
    if (memory.u32(this.at + WINDOWED.READY) === 0) {
      memory.setU32(this.at + WINDOWED.ROWS, this.breaker.numbered.rows);
      memory.setU32(this.at + WINDOWED.READY, 1);
      return 'ready';
    }
    if (want > WANT_NOTHING) this.supplyCursor(want - 1, memory.u32(this.at + WINDOWED.INDEX));
    else if (want < WANT_NOTHING) this.growRing(-2 - want);
    return 'ready';
  }
  private cursorAt(cursor: number): number {
    return this.at + WINDOWED.CURSORS + cursor * CURSOR.BYTES;
  }
  private ringAt(ring: number): number {
    return this.segment.state + ringsAt(this.layout) + ring * RING.BYTES;
  }
  private supplyCursor(cursor: number, index: number): void {
    const { memory } = this.run;
    const at = this.cursorAt(cursor);
    // What it stood on may go, and make room.
    memory.setU32(at + CURSOR.COUNT, 0);
    this.breaker.numbered.release(({ base, rows }) => this.isUsed(base, rows));
    const span = this.breaker.numbered.span(index);
    memory.setU32(at + CURSOR.BASE, span.base);
    memory.setU32(at + CURSOR.LIST, span.list);
    memory.setU32(at + CURSOR.COUNT, span.rows);
  }
  /** A cursor stands there, or a ring points there. */
  private isUsed(base: number, rows: number): boolean {
    const { memory } = this.run;
    for (let cursor = 0; cursor < this.layout.cursors; cursor++) {
      const at = this.cursorAt(cursor);
      if (memory.u32(at + CURSOR.COUNT) > 0 && memory.u32(at + CURSOR.BASE) === base) return true;
    }
    for (let ring = 0; ring < this.layout.rings; ring++) {
      const at = this.ringAt(ring);
      if (memory.u32(at + RING.HOLDS) === 0) continue;
      if (memory.u32(at + RING.START) < base + rows && memory.u32(at + RING.END) > base) return true;
    }
    return false;
  }
  /** Twice the room, each row's entry at its place there. */
  private growRing(ring: number): void {
    const { memory } = this.run;
    const at = this.ringAt(ring);
    const [old, capacity, entry] = [RING.ADDRESS, RING.CAPACITY, RING.ENTRY].map((f) => memory.u32(at + f));
    const wanted = Math.max(entry === 1 ? RING_TEXT_BYTES : RING_ENTRIES, capacity! * 2);
    const address = this.run.mustAllocate(wanted * entry!);
    const end = memory.u32(at + RING.END);
    for (let row = memory.u32(at + RING.START); row < end;) {
      // As many as follow each other here and there.
      const rows = Math.min(end - row, capacity! - (row % capacity!), wanted - (row % wanted));
      const from = old! + (row % capacity!) * entry!;
      memory.bytes.copyWithin(address + (row % wanted) * entry!, from, from + rows * entry!);
      row += rows;
    }
    if (old !== 0) memory.free(old!);
    this.rings[ring] = address;
    memory.setU32(at + RING.ADDRESS, address);
    memory.setU32(at + RING.CAPACITY, wanted);
  }
  close(): void {
    for (const address of this.rings) if (address !== undefined) this.run.memory.free(address);
    this.rings.length = 0;
  }
}
export const windowedRuntime: SourceRuntime<WindowedSpec> = {
  open: (host, segment, spec) => new WindowedSource(host, segment, spec),
};
