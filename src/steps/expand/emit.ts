/**
 * Code of the expand step: copies of the row at hand go to the output until that is full; NEXT in the state is the copy
 * that the row goes on with.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { forRows, type RowSet, type StageEnv } from '../segment-code.ts';

interface ExpandCode {
  readonly input: RowSet;
  readonly output: RowSet;
  /** Slot of the output that takes the number; those before it are the input's. */
  readonly slot: number;
  readonly count: number;
  /** State offset (i32). */
  readonly next: number;
  readonly step: number;
}

export function emitExpand(env: StageEnv, e: ExpandCode): void {
  const { fb } = env;
  const out = fb.local('i32');
  const copy = fb.local('i32');
  fb.i32_const(0);
  fb.set(out);
  env.getState(e.next);
  fb.set(copy);
  env.setState(e.output.cursor, () => fb.i32_const(0));
  fb.block((leave) =>
    forRows(env, e.input, (loop) => {
      fb.loop((again) => {
        fb.get(out);
        fb.i32_const(BATCH_ROWS);
        fb.do('i32_ge_u');
        fb.if_(() => {
          loop.save();
          fb.br(leave);
        });
        appendCopy(env, e, out, copy);
        fb.get(copy);
        fb.i32_const(1);
        fb.do('i32_add');
        fb.tee(copy);
        fb.i32_const(e.count);
        fb.do('i32_lt_u');
        fb.br_if(again);
      });
      fb.i32_const(0);
      fb.set(copy);
    }),
  );
  env.setState(e.next, () => fb.get(copy));
  env.setState(e.output.count, () => fb.get(out));
  env.count(e.step, () => fb.get(out));
}

/** output[out++] = the row at hand and the copy's number. */
function appendCopy(env: StageEnv, { output, slot }: ExpandCode, out: number, copy: number): void {
  const { fb } = env;
  if (output.selection >= 0) {
    env.element(out);
    fb.get(env.row);
    fb.mem('i32_store', output.selection);
  }
  for (const [s, offset] of output.tuples.slice(0, slot + 1).entries()) {
    env.element(out);
    fb.get(s === slot ? copy : env.tupleLocal(s));
    fb.mem('i32_store', offset);
  }
  fb.get(out);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.set(out);
}
