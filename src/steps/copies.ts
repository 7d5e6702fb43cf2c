/**
 * A stage of its own that gives each row of its input several times (expand: once for each grouping set, unnest: once for
 * each element): it reads the input row set and fills the output row set until that is full. NEXT in the state is the copy
 * that the row at hand goes on with, so that a run may end in the middle of a row.
 */
import { BATCH_ROWS } from '../common/limits.ts';
import { forRows } from './row-loop.ts';
import type { RowSet, StageEnv } from './segment-code.ts';

export interface Copies {
  readonly input: RowSet;
  readonly output: RowSet;
  /** Slot of the output that the copy's own value takes; those before it are the input's. Later ones belong to steps that follow. */
  readonly slot: number;
  /** State offset (i32) of the copy to go on with. */
  readonly next: number;
  /** Counts the rows given. */
  readonly step: number;
}
/** What the steps differ in; `out` and `copy` are locals: place in the output, number of the copy from 0. */
export interface CopyCode {
  /** Before the first copy of a row, and again when a run goes on in its middle. */
  begin?(): void;
  /** How often the row at hand comes (i32). */
  pushTimes(): void;
  /** A local with what the slot shall hold. */
  value(out: number, copy: number): number;
  /** Whether the copy comes at all (i32); `value` is that local. */
  keeps?(value: number, copy: number): void;
}

export function emitCopies(env: StageEnv, c: Copies, code: CopyCode): void {
  const { fb } = env;
  const out = fb.local('i32');
  const copy = fb.local('i32');
  fb.i32_const(0);
  fb.set(out);
  env.getState(c.next);
  fb.set(copy);
  env.setState(c.output.cursor, () => fb.i32_const(0));
  fb.block((leave) =>
    forRows(env, c.input, (loop) => {
      code.begin?.();
      fb.block((done) =>
        fb.loop((again) => {
          fb.get(copy);
          code.pushTimes();
          fb.do('i32_ge_s');
          fb.br_if(done);
          fb.get(out);
          fb.i32_const(BATCH_ROWS);
          fb.do('i32_ge_u');
          fb.if_(() => {
            loop.save();
            fb.br(leave);
          });
          const value = code.value(out, copy);
          if (code.keeps === undefined) append(env, c, out, value);
          else {
            code.keeps(value, copy);
            fb.if_(() => append(env, c, out, value));
          }
          add1(env, copy);
          fb.br(again);
        }),
      );
      fb.i32_const(0);
      fb.set(copy);
    }),
  );
  env.setState(c.next, () => fb.get(copy));
  env.setState(c.output.count, () => fb.get(out));
  env.count(c.step, () => fb.get(out));
}

/** output[out++] = the row at hand with the value. */
function append(env: StageEnv, { output, slot }: Copies, out: number, value: number): void {
  const { fb } = env;
  if (output.selection >= 0) {
    env.element(out);
    fb.get(env.row);
    fb.mem('i32_store', output.selection);
  }
  for (const [s, offset] of output.tuples.slice(0, slot + 1).entries()) {
    env.element(out);
    fb.get(s === slot ? value : env.tupleLocal(s));
    fb.mem('i32_store', offset);
  }
  add1(env, out);
}
function add1(env: StageEnv, local: number): void {
  const { fb } = env;
  fb.get(local);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.set(local);
}
