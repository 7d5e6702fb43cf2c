/**
 * What the parts of a windowed source's code share: its fields in the segment's state, reading a row by its number, pausing,
 * the rows a frame has.
 *
 * Rows are numbered from 0 over all partitions. The code goes row by row (ROW). START is the first row of its partition,
 * REACH the first row not known to belong to it; WHOLE says that REACH is the partition's end. A part that needs a row which
 * is not in memory, or has gone on for long, notes what it wants and leaves through `exit`; it is entered again, in the
 * same row, and goes on where it was.
 */
import type { BoundExpr, FrameBound, WindowFrame } from '../../expressions/bound.ts';
import type { TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { TupleField, TupleLayout } from '../../types/tuple-layout.ts';
import type { Label } from '../../wasm/assembler.ts';
import type { SegmentCode, StageEnv } from '../segment-code.ts';
import { CURSOR, LISTED, RING, WANT_PAUSE, WINDOWED, wantRing } from './state.ts';

/** Steps of loops over rows before the code pauses. */
export const STEPS_MAX = 16384;

/** State offsets. */
export interface WindowFields {
  readonly row: number;
  readonly start: number;
  readonly reach: number;
  readonly whole: number;
  /** The newest row that was begun, + 1. */
  readonly begun: number;
  readonly steps: number;
  /** Rows of this batch. */
  readonly out: number;
}
/** Local addresses of the row at hand and of its results. */
export interface RowLocals {
  readonly row: number;
  readonly result: number;
}

/** Reserves cursors and rings while the code is designed; their offsets are known when all are. */
export class WindowCode {
  readonly fields: WindowFields;
  cursors = 0;
  rings = 0;

  constructor(
    readonly code: SegmentCode,
    readonly layout: TupleLayout,
  ) {
    const field = (): number => code.allocate(4, 4);
    this.fields = {
      row: field(),
      start: field(),
      reach: field(),
      whole: field(),
      begun: field(),
      steps: field(),
      out: field(),
    };
  }
  private at = -1;
  /** Called once, when every cursor and ring is reserved. */
  place(): void {
    this.at = this.code.allocate(WINDOWED.CURSORS + this.cursors * CURSOR.BYTES + this.rings * RING.BYTES, 8);
    this.code.windowed = { at: this.at, cursors: this.cursors, rings: this.rings };
  }
  field(): number {
    return this.code.allocate(4, 4);
  }
  cursor(): number {
    return this.cursors++;
  }
  ring(): number {
    return this.rings++;
  }
  shared(field: number): number {
    return this.at + field;
  }
  cursorField(cursor: number, field: number): number {
    return this.at + WINDOWED.CURSORS + cursor * CURSOR.BYTES + field;
  }
  ringField(ring: number, field: number): number {
    return this.at + WINDOWED.CURSORS + this.cursors * CURSOR.BYTES + ring * RING.BYTES + field;
  }
  column(id: number): TupleField {
    return this.layout.fields.find((f) => f.id === id)!;
  }
}

export function setConst(env: StageEnv, field: number, value: number): void {
  env.setState(field, () => env.fb.i32_const(value));
}
export function copyField(env: StageEnv, to: number, from: number): void {
  env.setState(to, () => env.getState(from));
}
export function increment(env: StageEnv, field: number, by = 1): void {
  env.count32(field, () => env.fb.i32_const(by));
}

/** A local with the address of row number `pushIndex` as the cursor has it. */
export function rowAt(env: StageEnv, w: WindowCode, cursor: number, pushIndex: () => void, exit: Label): number {
  return listed(env, placeAt(env, w, cursor, pushIndex, exit), LISTED.ROW);
}
/** A local with the marks of the row: the groups that it begins. */
export function marksAt(env: StageEnv, w: WindowCode, cursor: number, pushIndex: () => void, exit: Label): number {
  return listed(env, placeAt(env, w, cursor, pushIndex, exit), LISTED.MARKS);
}
/** A local with what is listed of a row. */
export function listed(env: StageEnv, place: number, field: number): number {
  const { fb } = env;
  const v = fb.local('i32');
  fb.get(place);
  fb.mem('i32_load', field);
  fb.set(v);
  return v;
}
/** A local with the row's place in the cursor's list. */
export function placeAt(env: StageEnv, w: WindowCode, cursor: number, pushIndex: () => void, exit: Label): number {
  const { fb } = env;
  const [index, at] = [fb.local('i32'), fb.local('i32')];
  pushIndex();
  fb.tee(index);
  env.getState(w.cursorField(cursor, CURSOR.BASE));
  fb.do('i32_sub');
  fb.tee(at);
  env.getState(w.cursorField(cursor, CURSOR.COUNT));
  fb.do('i32_ge_u');
  fb.if_(() => {
    setConst(env, w.shared(WINDOWED.WANT), cursor + 1);
    env.setState(w.shared(WINDOWED.INDEX), () => fb.get(index));
    fb.br(exit);
  });
  env.getState(w.cursorField(cursor, CURSOR.LIST));
  fb.get(at);
  fb.i32_const(3);
  fb.do('i32_shl', 'i32_add');
  fb.set(at);
  return at;
}
/** Two cursors stand at the same rows. */
export function copyCursor(env: StageEnv, w: WindowCode, to: number, from: number): void {
  for (const f of [CURSOR.BASE, CURSOR.COUNT, CURSOR.LIST])
    copyField(env, w.cursorField(to, f), w.cursorField(from, f));
}

/** Leaves after so many steps. */
export function countStep(env: StageEnv, w: WindowCode, exit: Label): void {
  const { fb } = env;
  increment(env, w.fields.steps);
  env.getState(w.fields.steps);
  fb.i32_const(STEPS_MAX);
  fb.do('i32_gt_s');
  fb.if_(() => {
    setConst(env, w.shared(WINDOWED.WANT), WANT_PAUSE);
    fb.br(exit);
  });
}
export function wantRoom(env: StageEnv, w: WindowCode, ring: number, exit: Label): void {
  setConst(env, w.shared(WINDOWED.WANT), wantRing(ring));
  env.fb.br(exit);
}

/** Repeats `body` while `pushMore` leaves true. */
export function whileTrue(env: StageEnv, pushMore: () => void, body: () => void): void {
  const { fb } = env;
  fb.block((done) =>
    fb.loop((again) => {
      pushMore();
      fb.do('i32_eqz');
      fb.br_if(done);
      body();
      fb.br(again);
    }),
  );
}

/** While the i32 field is below the limit that is pushed. */
export function whileBelow(env: StageEnv, field: number, pushLimit: () => void, body: () => void): void {
  const isBelow = (): void => {
    env.getState(field);
    pushLimit();
    env.fb.do('i32_lt_s');
  };
  whileTrue(env, isBelow, body);
}

/** Pushes 1 when a row with these marks begins a group of the level; a level of no keys is one group. */
export function pushBegins(env: StageEnv, marks: number, level: number, keys: number): void {
  const { fb } = env;
  if (keys === 0) return fb.i32_const(0);
  fb.get(marks);
  fb.i32_const(level);
  fb.do('i32_shr_u');
  fb.i32_const(1);
  fb.do('i32_and');
}

/** A value that all rows have in common, or a column of the row at hand. */
export function offsetValue(env: StageEnv, w: WindowCode, row: number, expr: BoundExpr): TypedValue {
  return expr.kind === 'column' ? env.field(row, w.column(expr.id)) : env.settle(compileExpr(env, expr));
}

/** Pushes the number of the frame's first row, or of the first row behind it, before it is cut to the partition. */
function pushBound(env: StageEnv, w: WindowCode, bound: FrameBound, isEnd: boolean): void {
  const { fb } = env;
  if (bound.kind === 'unbounded') return env.getState(isEnd ? w.fields.reach : w.fields.start);
  const rows = 'rows' in bound ? env.settle(compileExpr(env, bound.rows)) : undefined;
  env.getState(w.fields.row);
  if (rows) {
    rows.push();
    fb.do('i32_wrap_i64', bound.kind === 'preceding' ? 'i32_sub' : 'i32_add');
  }
  if (!isEnd) return;
  fb.i32_const(1);
  fb.do('i32_add');
}
/** Locals with the frame's first row and the row behind its last one, inside the part of the partition that is known. */
export function frameRows(
  env: StageEnv,
  w: WindowCode,
  frame: WindowFrame,
): { readonly from: number; readonly to: number } {
  return { from: clamped(frame.start, false), to: clamped(frame.end, true) };
  function clamped(bound: FrameBound, isEnd: boolean): number {
    const { fb } = env;
    const v = fb.local('i32');
    pushBound(env, w, bound, isEnd);
    fb.set(v);
    if (bound.kind === 'unbounded') return v;
    for (const [field, op] of [
      [w.fields.start, 'i32_lt_s'],
      [w.fields.reach, 'i32_gt_s'],
    ] as const) {
      env.getState(field);
      fb.get(v);
      fb.get(v);
      env.getState(field);
      fb.do(op);
      fb.select();
      fb.set(v);
    }
    return v;
  }
}
