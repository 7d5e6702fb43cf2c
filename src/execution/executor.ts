/**
 * Runs the segments of all queries of one participant, round robin. Slices call `tick` in their thread's loop, the
 * leader between events. Nothing here blocks. What is thrown ends its query; a fault (common/errors/fault.ts) ends the
 * participant: nothing runs here again, and nothing is even freed, because the memory's own books may be wrong.
 */
import { assert } from '../common/assert.ts';
import { isFault } from '../common/errors/fault.ts';
import type { QueryId } from '../common/ids.ts';
import type { ZoneKind } from '../types/timezone.ts';
import type { Fragment, QueryProgress, QueryStart } from './messages.ts';
import { MemoryShares } from './memory-shares.ts';
import { QueryRun } from './query-run.ts';
import { SegmentInstance } from './segment-instance.ts';
import type { SegmentRun } from './segment-run.ts';
import type { Surroundings } from './surroundings.ts';
import { idleTables } from './tables.ts';

/** Of a query that runs at once. */
const TURNS_AT_ONCE_MAX = 64;

export interface ExecutorEvents {
  done(run: QueryRun, outcome: ReturnType<QueryRun['complete']>): void;
  failed(run: QueryRun | undefined, query: QueryId, error: unknown): void;
  /** The memory may be corrupt. */
  fault(error: unknown): void;
}

/** The import object the kernels module needs, and a way to tell it whose context is running. */
export function kernelImports(memory: WebAssembly.Memory, current: () => QueryRun | undefined): WebAssembly.Imports {
  return {
    env: {
      memory,
      grow: (ctx: number, which: number, bytes: number) => {
        const segment = current()?.current;
        assert(segment?.state === ctx >>> 0, 'memory asked for by a context that is not running');
        return segment.grow(which, bytes);
      },
      zone: (_ctx: number, name: number, length: number, kind: number) =>
        current()?.zone(name >>> 0, length, kind as ZoneKind) ?? 0,
      clock: () => current()?.surroundings.nowMicros() ?? 0n,
      long_keep: (_ctx: number, value: bigint) => current()!.current!.keepLong(value),
      long_first: (key: bigint) => current()!.longs.first(key),
      long_order: (a: bigint, b: bigint) => current()!.longs.order(a, b),
      long_common: (a: bigint, b: bigint, bytes: number) => current()!.longs.common(a, b, bytes),
    },
  };
}

export class Executor {
  private readonly modules = new Map<number, SegmentInstance>();
  private readonly runs = new Map<QueryId, QueryRun>();
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly shares: MemoryShares;
  private isRelieving = false;
  current: QueryRun | undefined;
  private readonly running = (): SegmentRun | undefined => this.current?.current;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly events: ExecutorEvents,
  ) {
    this.bytes = new Uint8Array(surroundings.memory.buffer);
    this.view = new DataView(surroundings.memory.buffer);
    this.shares = new MemoryShares(surroundings.pool);
    this.shares.relieve = () => this.relieve();
    surroundings.pool.relieve = () => this.relieve();
  }
  addModule(id: number, module: WebAssembly.Module): void {
    if (!this.modules.has(id)) this.modules.set(id, new SegmentInstance(module, this.surroundings, this.running));
  }
  get moduleCount(): number {
    return this.modules.size;
  }
  dropModule(id: number): void {
    this.modules.delete(id);
  }
  start(start: QueryStart): void {
    try {
      const code = (id: number): SegmentInstance => {
        const module = this.modules.get(id);
        assert(module, `module ${id} was never given`);
        return module;
      };
      const run = new QueryRun(this.surroundings, start, code, this.bytes, this.view, this.shares);
      this.runs.set(start.query, run);
    } catch (error) {
      if (isFault(error)) this.events.fault(error);
      else this.events.failed(undefined, start.query, error);
    }
  }
  /** The parts of a segment that waits for them; the query may be gone by now. */
  takeParts(query: QueryId, segment: number, fragments: readonly Fragment[]): void {
    this.runs.get(query)?.takeParts(segment, fragments);
  }
  cancel(query: QueryId): void {
    const run = this.runs.get(query);
    if (!run || this.surroundings.isCondemned()) return;
    this.runs.delete(query);
    try {
      run.release(true);
    } catch (error) {
      if (isFault(error)) this.events.fault(error);
    }
  }
  get idle(): boolean {
    return this.runs.size === 0;
  }
  run(query: QueryId): QueryRun | undefined {
    return this.runs.get(query);
  }
  /** What runs here, with its counters as they stand. */
  progress(): QueryProgress[] {
    return [...this.runs].map(([query, run]) => ({
      query,
      steps: run.counts(),
      loads: run.feeds.map((f) => f.progress()),
    }));
  }
  /** A little query that was just started, at once and alone, for as long as it moves; what is left of it goes the usual way. */
  tickNow(query: QueryId): void {
    const run = this.runs.get(query);
    for (let turn = 0; turn < TURNS_AT_ONCE_MAX && this.runs.has(query) && !this.surroundings.isCondemned(); turn++) {
      this.current = run;
      try {
        const moved = run!.tick();
        if (run!.done) this.finish(run!);
        else if (!moved) break;
      } catch (error) {
        this.fail(run!, error);
      }
    }
    this.current = undefined;
  }
  /** One round over all queries; true when something moved. */
  tick(): boolean {
    let moved = false;
    const isAlone = this.runs.size === 1;
    for (const run of [...this.runs.values()]) {
      run.isAlone = isAlone;
      if (this.surroundings.isCondemned()) break;
      this.current = run;
      try {
        if (run.tick()) moved = true;
        if (run.done) this.finish(run);
      } catch (error) {
        moved = true;
        this.fail(run, error);
      }
    }
    this.current = undefined;
    if (this.shares.isShort() && this.moveTable()) moved = true;
    return moved;
  }
  /** One step of a table's way to disk; false when there is none that nobody reads yet. */
  private moveTable(): boolean {
    const tables = [...this.runs.values()].flatMap((run) => idleTables(run).map((table) => ({ run, table })));
    const next = tables.find((t) => t.table.isMoving) ?? tables.sort((a, b) => b.table.bytes - a.table.bytes)[0];
    if (next === undefined) return false;
    try {
      next.table.moveStep();
    } catch (error) {
      this.fail(next.run, error);
    }
    return true;
  }
  /** In the middle of a step that got no memory: a table goes to disk at once. */
  private relieve(): boolean {
    if (this.isRelieving) return false;
    this.isRelieving = true;
    try {
      const tables = [...this.runs.values()].flatMap(idleTables).sort((a, b) => b.bytes - a.bytes);
      const [table] = tables;
      if (table === undefined) return false;
      while (!table.moveStep());
      return true;
    } catch (error) {
      if (isFault(error)) throw error;
      return false;
    } finally {
      this.isRelieving = false;
    }
  }
  private fail(run: QueryRun, error: unknown): void {
    if (isFault(error)) return this.events.fault(error);
    this.runs.delete(run.start.query);
    this.events.failed(run, run.start.query, error);
    try {
      run.release(true);
    } catch (second) {
      if (isFault(second)) this.events.fault(second);
    }
  }
  private finish(run: QueryRun): void {
    const outcome = run.complete();
    this.runs.delete(run.start.query);
    run.release(false);
    this.events.done(run, outcome);
  }
}
