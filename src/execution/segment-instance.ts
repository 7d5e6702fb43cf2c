/**
 * A segment's module, instantiated once on a participant and used by every query of that shape there: everything a run
 * has of its own lies in the state that `run` is given, and what the code asks the host for goes to the segment that
 * runs now. Made when the first query needs it.
 */
import { assert } from '../common/assert.ts';
import type { HostCall, Surroundings } from './surroundings.ts';
import type { SegmentRun } from './segment-run.ts';

/** Returns a Status (steps/segment-code.ts). */
export type SegmentFunction = (state: number, budget: number) => number;

interface SegmentFunctions {
  readonly run: SegmentFunction;
  readonly merge?: SegmentFunction;
  readonly [apply: `apply${number}`]: SegmentFunction | undefined;
}

export class SegmentInstance {
  private exported: { readonly run: SegmentFunction; readonly merge?: SegmentFunction } | undefined;
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly surroundings: Surroundings,
    private readonly running: () => SegmentRun | undefined,
  ) {}

  /** Others than `run` take back what an aggr step set aside: groups, values of distinct sets. */
  get functions(): SegmentFunctions {
    this.exported ??= new WebAssembly.Instance(this.module, this.imports()).exports as never;
    return this.exported!;
  }

  private imports(): WebAssembly.Imports {
    const running = (ctx: number): SegmentRun => {
      const segment = this.running();
      assert(segment?.state === ctx >>> 0, 'a request of code that is not running');
      return segment;
    };
    return {
      env: {
        memory: this.surroundings.memory,
        store_grow: (ctx: number, store: number, bytes: number) =>
          running(ctx).ask(({ run }) => run.breakerAt(store).store.grow(bytes) || run.outOfMemory()),
        next_unmatched: (ctx: number, store: number, out: number, limit: number) =>
          running(ctx).nextUnmatched(store >>> 0, out >>> 0, limit),
        dist_flush: (ctx: number, target: number, need: number) =>
          running(ctx).ask(({ sink }) => sink.distFlush!(target, need)),
        output_flush: (ctx: number, need: number) => running(ctx).ask(({ sink }) => sink.outputFlush!(need)),
        long_fetch: (ctx: number, value: bigint, forPair: number) => running(ctx).fetchLong(value, forPair === 1),
        long_same: (ctx: number, a: bigint, b: bigint, kind: number) =>
          running(ctx).ask((segment) => segment.isSameLong(a, b, kind)),
        insert_rows: (ctx: number, rows: number) => running(ctx).ask(({ sink }) => sink.insertRows!(rows)),
        load_error: (ctx: number, row: number, column: number, cell: number) =>
          running(ctx).ask((segment) => segment.refuse(row, column, cell >>> 0)),
        delete_rows: (ctx: number, addresses: number, rows: number) =>
          running(ctx).ask((segment) => segment.deleteRows(addresses >>> 0, rows)),
      },
      kernel: this.surroundings.kernelExports as Record<string, WebAssembly.ImportValue>,
      host: this.hostImports(running),
    };
  }
  private hostImports(running: (ctx: number) => SegmentRun): Record<string, (ctx: number, slots: number) => void> {
    const out: Record<string, (ctx: number, slots: number) => void> = {};
    for (const i of WebAssembly.Module.imports(this.module)) {
      if (i.module !== 'host') continue;
      const call = JSON.parse(i.name) as HostCall;
      out[i.name] = (ctx, slots) => running(ctx).callHost(call, slots >>> 0);
    }
    return out;
  }
}
