/**
 * Runs the segments of all queries of one participant, round robin. Slices call `tick` in their thread's loop, the
 * leader between events. Nothing here blocks.
 */
import type { QueryId } from '../common/ids.ts';
import type { QueryStart } from '../interconnect/messages.ts';
import { QueryRun } from './query-run.ts';
import type { Surroundings } from './surroundings.ts';

export interface ExecutorEvents {
  done(run: QueryRun, outcome: ReturnType<QueryRun['complete']>): void;
  failed(run: QueryRun | undefined, query: QueryId, error: unknown): void;
}

/** The import object the kernels module needs, and a way to tell it whose context is running. */
export function kernelImports(memory: WebAssembly.Memory, current: () => QueryRun | undefined): WebAssembly.Imports {
  return {
    env: {
      memory,
      grow: (_ctx: number, which: number, bytes: number) => (current()?.current?.grow(which, bytes) ? 1 : 0),
    },
  };
}

export class Executor {
  private readonly modules = new Map<number, WebAssembly.Module>();
  private readonly runs = new Map<QueryId, QueryRun>();
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  current: QueryRun | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly events: ExecutorEvents,
  ) {
    this.bytes = new Uint8Array(surroundings.memory.buffer);
    this.view = new DataView(surroundings.memory.buffer);
  }
  addModule(id: number, module: WebAssembly.Module): void {
    this.modules.set(id, module);
  }
  dropModule(id: number): void {
    this.modules.delete(id);
  }
  start(start: QueryStart): void {
    try {
      const run = new QueryRun(this.surroundings, start, (id) => this.modules.get(id)!, this.bytes, this.view);
      this.runs.set(start.query, run);
    } catch (error) {
      this.events.failed(undefined, start.query, error);
    }
  }
  cancel(query: QueryId): void {
    const run = this.runs.get(query);
    if (!run) return;
    this.runs.delete(query);
    run.release(true);
  }
  get idle(): boolean {
    return this.runs.size === 0;
  }
  run(query: QueryId): QueryRun | undefined {
    return this.runs.get(query);
  }
  /** One round over all queries; true when something moved. */
  tick(): boolean {
    let moved = false;
    for (const run of [...this.runs.values()]) {
      this.current = run;
      try {
        if (run.tick()) moved = true;
        if (run.done) this.finish(run);
      } catch (error) {
        moved = true;
        this.runs.delete(run.start.query);
        this.events.failed(run, run.start.query, error);
        run.release(true);
      }
    }
    this.current = undefined;
    return moved;
  }
  private finish(run: QueryRun): void {
    const outcome = run.complete();
    this.runs.delete(run.start.query);
    run.release(false);
    this.events.done(run, outcome);
  }
}
