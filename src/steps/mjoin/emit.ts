/**
 * A merge join's stage: the outer rows come in the order of the key, and a cursor for each run of the inner side goes along
 * (state.ts). For each outer row every cursor first advances to the first key that is not below the row's (phase 1: in steps
 * that grow within the batch, whole batches and groups at once), then gives what is equal (phase 2). An outer key below the
 * one before it starts the cursors anew: the outer side's unsorted rows are a second ascending run.
 *
 * Rows given are numbers of rows in the cursors' vectors, so a batch is only replaced when the output is empty: the stage
 * leaves with what it has, and comes back to the same outer row by RESUME, CURSOR, PHASE and MATCHED.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import type { TypedValue } from '../../expressions/code-env.ts';
import { anyNull } from '../../expressions/compile-literal.ts';
import { pushCompare } from '../../expressions/compile-compare.ts';
import { compileCondition, compileExpr } from '../../expressions/compile.ts';
import { identityOf } from '../../types/identity.ts';
import type { Label } from '../../wasm/assembler.ts';
import { forRows, type RowLoop } from '../row-loop.ts';
import { STATUS, type StageEnv } from '../segment-code.ts';
import { decodeGiven, getField, setField } from './inner.ts';
import { LastKey } from './last-key.ts';
import type { Merge, MergeCode } from './merge-code.ts';
import { CURSOR, CURSOR_ROWS, cursorBytes, ENDED, MERGE, NULL_ROW, selectionAt, WANTS_GROUP } from './state.ts';

/** Pairs looked at and rows decoded by one stage call: a cancel must be heard in the middle of a large join. */
const FUEL = 65_536;
/** Fewer than one row in this many of a batch is few. */
const SPARSE = 8;
const BEGIN = 1;
const ADVANCE = 2;
const MATCH = 3;
const UNMATCHED = 4;

export function emitMerge(env: StageEnv, j: MergeCode): void {
  const { fb } = env;
  const local = (): number => fb.local('i32');
  const last = new LastKey(env, j);
  const m: Merge = {
    env,
    j,
    refill: j.inner.refill(env),
    out: local(),
    fuel: local(),
    cursors: local(),
    cursor: local(),
    base: local(),
    first: local(),
    inner: local(),
    matched: local(),
    phase: local(),
    same: local(),
    outcome: local(),
    last,
  };
  const resuming = local();
  set(m, m.out, 0);
  set(m, m.fuel, FUEL);
  env.setState(j.output.cursor, () => fb.i32_const(0));
  env.setState(j.output.count, () => fb.i32_const(0));
  env.getState(j.layout.at + MERGE.CURSORS);
  fb.tee(m.cursors);
  fb.do('i32_eqz');
  fb.if_(() => {
    env.setState(j.layout.at + MERGE.WANT, () => fb.i32_const(1));
    fb.i32_const(STATUS.NEED_INPUT);
    fb.return_();
  });
  last.load();
  env.getState(j.outcome);
  fb.set(m.outcome);
  env.getState(j.resume);
  fb.set(resuming);
  fb.block((leave) =>
    forRows(env, j.input, (loop) => {
      const key = env.settle(compileExpr(env, j.outerKey));
      const isNull = anyNull(env, [key]);
      env.addTuple(m.inner);
      fb.get(resuming);
      fb.if_(
        () => {
          set(m, resuming, 0);
          env.setState(j.resume, () => fb.i32_const(0));
          for (const [offset, l] of kept(m)) {
            env.getState(offset);
            fb.set(l);
          }
        },
        () => {
          for (const l of [m.matched, m.cursor, m.same]) set(m, l, 0);
          set(m, m.phase, BEGIN);
          if (isNull === undefined) return begin(m, key);
          isNull();
          fb.if_(
            () => noMore(m),
            () => begin(m, key),
          );
        },
      );
      const turn: Turn = { loop, leave, key: { ...key, pushNull: undefined } };
      fb.block((done) => fb.loop((again) => eachCursor(m, turn, done, again)));
      unmatched(m, turn);
    }),
  );
  saveKey(m);
  env.setState(j.output.count, () => fb.get(m.out));
  env.count(j.step, () => fb.get(m.out));
  if (!j.keepsInner || j.inner.late.length === 0) return;
  fb.get(m.out);
  fb.if_(() => finishRows(m));
}

/** Decodes what the rows given have besides their keys: of these alone when they are few, else of their batches. */
function finishRows(m: Merge): void {
  const { env, j } = m;
  const { fb } = env;
  const place = (run: number): void => {
    fb.get(env.ctx);
    fb.i32_const(j.layout.at + MERGE.BYTES + run * cursorBytes(j.layout));
    fb.do('i32_add');
    fb.set(m.base);
    set(m, m.first, run * CURSOR_ROWS);
  };
  const whole = (): void => {
    get(m, CURSOR.PENDING);
    fb.if_(() => {
      fb.get(env.ctx);
      fb.get(m.base);
      fb.get(m.first);
      fb.call(j.inner.complete(env));
    });
  };
  place(0);
  // A row without a partner has a number that is no row of the batch.
  if (j.joinType !== 'inner') whole();
  else {
    fb.get(m.out);
    fb.i32_const(SPARSE);
    fb.do('i32_mul');
    get(m, CURSOR.COUNT);
    fb.do('i32_lt_u');
    get(m, CURSOR.HAS_NULLS);
    fb.do('i32_eqz', 'i32_and');
    get(m, CURSOR.PENDING);
    fb.do('i32_and');
    fb.get(m.cursors);
    fb.i32_const(1);
    fb.do('i32_eq', 'i32_and');
    const rows = (): void => {
      fb.get(env.ctx);
      fb.i32_const(j.output.tuples[j.slot]!);
      fb.do('i32_add');
    };
    fb.if_(() => decodeGiven(env, j.inner.late, m.base, rows, m.out), whole);
  }
  fb.get(m.cursors);
  fb.i32_const(2);
  fb.do('i32_eq');
  fb.if_(() => {
    place(1);
    whole();
  });
}

/** State offsets of what a row comes back with. */
const kept = (m: Merge): readonly (readonly [number, number])[] => [
  [m.j.cursor, m.cursor],
  [m.j.phase, m.phase],
  [m.j.matched, m.matched],
  [m.j.same, m.same],
];
const saveRow = (m: Merge): void => {
  for (const [offset, l] of kept(m)) m.env.setState(offset, () => m.env.fb.get(l));
};
const saveKey = (m: Merge): void => {
  m.last.save();
  m.env.setState(m.j.outcome, () => m.env.fb.get(m.outcome));
};
interface Turn {
  readonly loop: RowLoop;
  readonly leave: Label;
  readonly key: TypedValue;
}
const set = ({ env: { fb } }: Pick<Merge, 'env'>, at: number, value: number): void => {
  fb.i32_const(value);
  fb.set(at);
};
const get = (m: Merge, field: number): void => getField(m.env, m.base, field);
const put = (m: Merge, field: number, value: number): void =>
  setField(m.env, m.base, field, () => m.env.fb.i32_const(value));

/** A new outer key: the same as before, or below it, when the cursors begin anew. */
function begin(m: Merge, key: TypedValue): void {
  const { env, j } = m;
  const { fb } = env;
  m.last.ifThere((last) => {
    pushCompare(env, '=', key, last);
    fb.tee(m.same);
    fb.if_(
      () => {
        // What became of the row before becomes of this one.
        if (!asksOnce(j)) return;
        fb.get(m.outcome);
        fb.set(m.matched);
        noMore(m);
      },
      () => {
        pushCompare(env, '<', key, last);
        fb.if_(() => {
          for (const run of [0, 1]) {
            fb.get(env.ctx);
            fb.i32_const(j.layout.at + MERGE.BYTES + run * cursorBytes(j.layout));
            fb.do('i32_add');
            fb.set(m.base);
            for (const f of ['GROUP', 'POSITION', 'STATUS', 'COUNT', 'RUN', 'AT', 'COMPLETE', 'CROSSED'] as const)
              put(m, CURSOR[f], 0);
          }
        });
      },
    );
  });
  fb.get(m.same);
  fb.do('i32_eqz');
  fb.if_(() => {
    m.last.set(key);
    set(m, m.outcome, 0);
  });
}
/** Whether a row passes hangs on its key alone. */
const asksOnce = ({ keepsInner, residual }: MergeCode): boolean => !keepsInner && residual.length === 0;
/** The row at hand looks at no further inner row. */
function noMore({ env: { fb }, cursors, cursor }: Merge): void {
  fb.get(cursors);
  fb.set(cursor);
}

/** Leaves the stage; it comes back to this row and phase. */
function leaveRow(m: Merge, turn: Turn): void {
  const { env, j } = m;
  turn.loop.save();
  env.setState(j.resume, () => env.fb.i32_const(1));
  saveRow(m);
  env.fb.br(turn.leave);
}
/** Leaves when there is output, which refers to the batch at hand. */
function leaveIfOutput(m: Merge, turn: Turn): void {
  m.env.fb.get(m.out);
  m.env.fb.if_(() => leaveRow(m, turn));
}

function eachCursor(m: Merge, turn: Turn, done: Label, again: Label): void {
  const { env, j } = m;
  const { fb } = env;
  fb.get(m.cursor);
  fb.get(m.cursors);
  fb.do('i32_ge_u');
  fb.br_if(done);
  fb.get(env.ctx);
  fb.i32_const(j.layout.at + MERGE.BYTES);
  fb.get(m.cursor);
  fb.i32_const(cursorBytes(j.layout));
  fb.do('i32_mul', 'i32_add', 'i32_add');
  fb.set(m.base);
  fb.get(m.cursor);
  fb.i32_const(CURSOR_ROWS);
  fb.do('i32_mul');
  fb.set(m.first);
  const inPhase = (phase: number, body: () => void): void => {
    fb.get(m.phase);
    fb.i32_const(phase);
    fb.do('i32_eq');
    fb.if_(body);
  };
  inPhase(BEGIN, () => {
    set(m, m.phase, ADVANCE);
    get(m, CURSOR.CROSSED);
    fb.if_(
      () => back(m),
      () => {
        // The run of the key before is where the cursor stands, if that row looked at every cursor.
        if (!j.keepsInner) return;
        fb.get(m.same);
        fb.if_(() => set(m, m.phase, MATCH));
      },
    );
    setField(env, m.base, CURSOR.AT, () => get(m, CURSOR.RUN));
  });
  inPhase(ADVANCE, () => {
    fb.block((found) => fb.loop((more) => advance(m, turn, found, more)));
    setField(env, m.base, CURSOR.AT, () => get(m, CURSOR.RUN));
    set(m, m.phase, MATCH);
  });
  fb.block((through) => fb.loop((next) => match(m, turn, done, through, next)));
  fb.get(m.cursor);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.set(m.cursor);
  set(m, m.phase, BEGIN);
  fb.br(again);
}

/** When the run of this key began in a batch before: back there for an outer row of the same key. */
function back(m: Merge): void {
  const { env } = m;
  const { fb } = env;
  put(m, CURSOR.CROSSED, 0);
  fb.get(m.same);
  fb.if_(() => {
    get(m, CURSOR.GROUP);
    get(m, CURSOR.BACK_GROUP);
    fb.do('i32_ne');
    get(m, CURSOR.STATUS);
    fb.i32_const(ENDED);
    fb.do('i32_eq', 'i32_or');
    fb.if_(() => {
      setField(env, m.base, CURSOR.GROUP, () => get(m, CURSOR.BACK_GROUP));
      put(m, CURSOR.STATUS, WANTS_GROUP);
    });
    setField(env, m.base, CURSOR.POSITION, () => get(m, CURSOR.BACK_POSITION));
    for (const field of [CURSOR.COUNT, CURSOR.RUN]) put(m, field, 0);
  });
}

/** The inner row in selection place `at` (a local) is the one at hand. */
function stepTo(m: Merge, at: number): void {
  const { fb } = m.env;
  fb.get(m.base);
  fb.get(at);
  fb.i32_const(2);
  fb.do('i32_shl', 'i32_add');
  fb.mem('i32_load', selectionAt(m.j.layout));
  fb.get(m.first);
  fb.do('i32_add');
  fb.set(m.inner);
}
/** Pushes whether the key of the row in place `at` is below the outer key, or equal. */
function pushIs(m: Merge, op: '<' | '=', at: number, turn: Turn): void {
  const { env } = m;
  stepTo(m, at);
  env.enter();
  const inner = env.settle(compileExpr(env, m.j.innerKey));
  pushCompare(env, op, { ...inner, pushNull: undefined }, turn.key);
  env.leave();
}

/** Phase 1: RUN is the first row of the batch whose key is not below, or the run has ended. */
function advance(m: Merge, turn: Turn, found: Label, more: Label): void {
  const { env } = m;
  const { fb } = env;
  const [low, high, jump, middle] = [0, 0, 0, 0].map(() => fb.local('i32')) as [number, number, number, number];
  const sub1 = (): void => {
    fb.i32_const(1);
    fb.do('i32_sub');
  };
  const half = (otherwise: () => void): void => {
    // The row in place `middle` tells which half goes on.
    pushIs(m, '<', middle, turn);
    fb.if_(() => (fb.get(middle), fb.set(low)), otherwise);
  };
  get(m, CURSOR.COUNT);
  fb.set(high);
  get(m, CURSOR.RUN);
  fb.tee(low);
  fb.get(high);
  fb.do('i32_lt_u');
  fb.if_(() => {
    pushIs(m, '<', low, turn);
    fb.do('i32_eqz');
    fb.br_if(found);
    fb.get(high);
    sub1();
    fb.set(high);
    pushIs(m, '<', high, turn);
    fb.if_(
      () => setField(env, m.base, CURSOR.RUN, () => get(m, CURSOR.COUNT)),
      () => {
        // low is below, high is not.
        set(m, jump, 1);
        fb.block((near) =>
          fb.loop((farther) => {
            fb.get(low);
            fb.get(jump);
            fb.do('i32_add');
            fb.tee(middle);
            fb.get(high);
            fb.do('i32_ge_u');
            fb.br_if(near);
            half(() => {
              fb.get(middle);
              fb.set(high);
              fb.br(near);
            });
            fb.get(jump);
            fb.i32_const(1);
            fb.do('i32_shl');
            fb.set(jump);
            fb.br(farther);
          }),
        );
        fb.block((here) =>
          fb.loop((closer) => {
            fb.get(high);
            fb.get(low);
            fb.do('i32_sub');
            fb.i32_const(1);
            fb.do('i32_le_u');
            fb.br_if(here);
            fb.get(high);
            fb.get(low);
            fb.do('i32_add');
            fb.i32_const(1);
            fb.do('i32_shr_u');
            fb.set(middle);
            half(() => (fb.get(middle), fb.set(high)));
            fb.br(closer);
          }),
        );
        setField(env, m.base, CURSOR.RUN, () => fb.get(high));
        fb.br(found);
      },
    );
  });
  get(m, CURSOR.STATUS);
  fb.i32_const(ENDED);
  fb.do('i32_eq');
  fb.br_if(found);
  leaveIfOutput(m, turn);
  nextBatch(m, turn, more);
}

/** Decodes the cursor's next batch, or has the host pin its group first, and goes on at `go`. There is no output. */
function nextBatch(m: Merge, turn: Turn, go: Label): void {
  const { env } = m;
  const { fb } = env;
  put(m, CURSOR.PENDING, 0);
  get(m, CURSOR.STATUS);
  fb.i32_const(WANTS_GROUP);
  fb.do('i32_eq');
  fb.if_(() => want(m, turn));
  get(m, CURSOR.POSITION);
  get(m, CURSOR.GROUP_ROWS);
  fb.do('i32_ge_u');
  fb.if_(() => {
    setField(env, m.base, CURSOR.GROUP, () => {
      get(m, CURSOR.GROUP);
      fb.i32_const(1);
      fb.do('i32_add');
    });
    put(m, CURSOR.POSITION, 0);
    put(m, CURSOR.STATUS, WANTS_GROUP);
    for (const field of [CURSOR.COUNT, CURSOR.RUN, CURSOR.AT]) put(m, field, 0);
    fb.br(go);
  });
  burn(m, turn, BATCH_ROWS);
  fb.get(env.ctx);
  fb.get(m.base);
  fb.get(m.first);
  fb.call(m.refill);
  env.checkError();
  fb.br(go);
}
/** The host has to pin a group; the stage is left without output. */
function want(m: Merge, turn: Turn): void {
  const { env, j } = m;
  const { fb } = env;
  const { at } = j.layout;
  env.setState(at + MERGE.WANT, () => {
    fb.get(m.cursor);
    fb.i32_const(1);
    fb.do('i32_add');
  });
  if (seeks(j)) {
    env.setState(at + MERGE.SEEKS, () => {
      get(m, CURSOR.POSITION);
      fb.do('i32_eqz');
    });
    fb.get(env.ctx);
    env.pushAs(turn.key, 'i64');
    fb.mem('i64_store', at + MERGE.KEY);
  }
  turn.loop.save();
  env.setState(j.resume, () => fb.i32_const(1));
  saveRow(m);
  saveKey(m);
  fb.i32_const(STATUS.NEED_INPUT);
  fb.return_();
}
/** Zone maps know the keys themselves. */
const seeks = ({ innerKey, outerKey }: MergeCode): boolean =>
  identityOf(outerKey.type) === 'integer' &&
  identityOf((innerKey.kind === 'cast' ? innerKey.arg : innerKey).type) === 'integer';

function burn(m: Merge, turn: Turn, fuel: number): void {
  const { fb } = m.env;
  fb.get(m.fuel);
  fb.i32_const(0);
  fb.do('i32_le_s');
  fb.if_(() => leaveRow(m, turn));
  fb.get(m.fuel);
  fb.i32_const(fuel);
  fb.do('i32_sub');
  fb.set(m.fuel);
}

/** Phase 2: the rows with the outer row's key. */
function match(m: Merge, turn: Turn, done: Label, through: Label, next: Label): void {
  const { env, j } = m;
  const { fb } = env;
  const at = fb.local('i32');
  get(m, CURSOR.AT);
  fb.tee(at);
  get(m, CURSOR.COUNT);
  fb.do('i32_ge_u');
  fb.if_(() => {
    get(m, CURSOR.COMPLETE);
    get(m, CURSOR.STATUS);
    fb.i32_const(ENDED);
    fb.do('i32_eq', 'i32_or');
    fb.br_if(through);
    leaveIfOutput(m, turn);
    get(m, CURSOR.CROSSED);
    fb.do('i32_eqz');
    fb.if_(() => {
      put(m, CURSOR.CROSSED, 1);
      setField(env, m.base, CURSOR.BACK_GROUP, () => get(m, CURSOR.GROUP));
      setField(env, m.base, CURSOR.BACK_POSITION, () => get(m, CURSOR.START));
    });
    nextBatch(m, turn, next);
  });
  pushIs(m, '=', at, turn);
  fb.do('i32_eqz');
  fb.br_if(through);
  ifFull(m, turn);
  burn(m, turn, 1);
  setField(env, m.base, CURSOR.AT, () => {
    fb.get(at);
    fb.i32_const(1);
    fb.do('i32_add');
  });
  const floor = env.scratchMark();
  env.givingBack(floor, () =>
    fb.block((no) => {
      env.enter();
      for (const condition of j.residual) {
        compileCondition(env, condition);
        fb.do('i32_eqz');
        fb.br_if(no);
      }
      env.leave();
      set(m, m.matched, 1);
      if (asksOnce(j)) set(m, m.outcome, 1);
      if (j.keepsInner) append(m);
      else {
        noMore(m);
        fb.br(done);
      }
    }),
  );
  fb.br(next);
}
function ifFull(m: Merge, turn: Turn): void {
  const { fb } = m.env;
  fb.get(m.out);
  fb.i32_const(BATCH_ROWS);
  fb.do('i32_ge_u');
  fb.if_(() => leaveRow(m, turn));
}

/** What a row gives besides its matches. */
function unmatched(m: Merge, turn: Turn): void {
  const { env, j } = m;
  const { fb } = env;
  if (j.joinType === 'inner') return;
  fb.get(m.matched);
  if (j.joinType !== 'semi') fb.do('i32_eqz');
  fb.if_(() => {
    set(m, m.phase, UNMATCHED);
    ifFull(m, turn);
    set(m, m.inner, NULL_ROW);
    append(m);
  });
}
/** output[out++] = the outer row and, when it is kept, the number of the inner one. */
function append(m: Merge): void {
  const { env, j } = m;
  const { fb } = env;
  if (j.output.selection >= 0) {
    env.element(m.out);
    fb.get(env.row);
    fb.mem('i32_store', j.output.selection);
  }
  // Slots behind the inner row's belong to steps that follow.
  for (const [s, offset] of j.output.tuples.slice(0, j.slot + (j.keepsInner ? 1 : 0)).entries()) {
    env.element(m.out);
    fb.get(s === j.slot ? m.inner : env.tupleLocal(s));
    fb.mem('i32_store', offset);
  }
  fb.get(m.out);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.set(m.out);
}
