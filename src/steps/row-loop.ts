/**
 * Loops of a stage over the rows of a batch.
 */
import { CTX } from '../wasm/memory-map.ts';
import type { RowSet, StageEnv } from './segment-code.ts';

/** Runs `body` for every number below the local `n`, which is at least 1; `skip` ends the turn. */
export function forBatch(env: StageEnv, n: number, body: (i: number, skip: () => void) => void): void {
  const { fb } = env;
  const i = fb.local('i32');
  fb.i32_const(0);
  fb.set(i);
  fb.loop((again) => {
    fb.block((skip) => body(i, () => fb.br(skip)));
    fb.get(i);
    fb.i32_const(1);
    fb.do('i32_add');
    fb.tee(i);
    fb.get(n);
    fb.do('i32_lt_u');
    fb.br_if(again);
  });
}

/** A loop over rows, as its body sees it. */
export interface RowLoop {
  readonly index: number;
  /** Stores the cursor, so that the stage can be left in the middle of the current row and come back to it. */
  save(): void;
  /** Leaves the stage before the current row and comes back to it; `step` had counted the rest of the batch. */
  leave(status: number, step: number): void;
  /** Skips the row. */
  next(): void;
}
/**
 * Loops over the rows of a row set from its cursor. Scratch that a row took is given back behind it, unless
 * `keepScratch` says that values of all rows are read after the loop.
 */
export function forRows(env: StageEnv, rows: RowSet, body: (loop: RowLoop) => void, keepScratch = false): void {
  const { fb } = env;
  const floor = keepScratch ? -1 : env.scratchMark();
  const index = fb.local('i32');
  const end = fb.local('i32');
  const row = rows.selection >= 0 ? fb.local('i32') : -1;
  const tuples = rows.tuples.map(() => fb.local('i32'));
  env.getState(rows.count);
  fb.set(end);
  env.getState(rows.cursor);
  fb.set(index);
  fb.block((exit) => {
    fb.loop((again) => {
      fb.get(index);
      fb.get(end);
      fb.do('i32_ge_u');
      fb.br_if(exit);
      if (row >= 0) {
        env.element(index);
        fb.mem('i32_load', rows.selection);
        fb.set(row);
      }
      for (const [s, local] of tuples.entries()) {
        env.element(index);
        fb.mem('i32_load', rows.tuples[s]!);
        fb.set(local);
      }
      env.beginRow(row, tuples);
      const block = (): void =>
        fb.block((skip) => {
          const save = (): void => env.setState(rows.cursor, () => fb.get(index));
          const leave = (status: number, step: number): void => {
            save();
            if (step >= 0) env.count(step, () => (fb.get(end), fb.get(index), fb.do('i32_sub')), true);
            fb.i32_const(status);
            fb.return_();
          };
          body({ index, save, leave, next: () => fb.br(skip) });
        });
      if (keepScratch) block();
      else {
        env.givingBack(floor, block);
        env.endLong(CTX.LONG_ROW);
      }
      fb.get(index);
      fb.i32_const(1);
      fb.do('i32_add');
      fb.set(index);
      fb.br(again);
    });
  });
  // All consumed.
  env.setState(rows.cursor, () => fb.get(end));
}
