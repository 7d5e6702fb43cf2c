/**
 * The code of a windowed source: row by row, as far as the rows that its parts look at are in memory. A batch ends when it
 * is full, or when a part wants something; without a row in it the code asks the host.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Label } from '../../wasm/assembler.ts';
import { STATUS, type RowSet, type SegmentCode, type StageEnv } from '../segment-code.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { emitInRuns } from '../wide-row.ts';
import { aggregateParts } from './accumulate.ts';
import type { ResultField, WindowPartCode } from './part.ts';
import type { WindowedCall, WindowedSpec } from './spec.ts';
import type { AggregateCall } from './states.ts';
import { LISTED, WANT_NOTHING, WANT_PAUSE, WINDOWED } from './state.ts';
import { isPercentile } from './percentile.ts';
import type { ValueCall } from './value-part.ts';
import { Positions, valueParts, type PositionCall } from './values.ts';
import {
  copyField,
  countStep,
  increment,
  listed,
  marksAt,
  offsetValue,
  placeAt,
  pushBegins,
  setConst,
  whileTrue,
  WindowCode,
} from './window-code.ts';

export interface WindowedCode {
  readonly w: WindowCode;
  readonly spec: WindowedSpec;
  readonly parts: readonly WindowPartCode[];
  readonly rows: RowSet;
  /** State offset: results of BATCH_ROWS rows. */
  readonly results: number;
  readonly ahead: Ahead;
  /** Cursors of the row at hand, and of the search for the partition's end. */
  readonly at: number;
  readonly searching: number;
}

/** How far behind a row its functions look: to the partition's end, or so many rows. */
interface Ahead {
  readonly whole: boolean;
  readonly rows: readonly BoundExpr[];
}
function aheadOf(calls: readonly WindowedCall[]): Ahead {
  const rows: BoundExpr[] = [];
  let whole = false;
  for (const c of calls) {
    if (c.kind === 'position') whole ||= c.position === 'partition_rows' || c.position === 'rows_through_peers';
    else if (c.frame !== undefined) {
      whole ||= c.frame.end.kind === 'unbounded';
      if (c.frame.end.kind === 'following') rows.push(c.frame.end.rows);
    } else if (c.kind === 'value' && c.place === 'lead') {
      if (c.ignoreNulls || c.offset!.kind === 'column') whole = true;
      else rows.push(c.offset!);
    } else if (c.kind === 'value' && isPercentile(c)) whole = true;
  }
  return { whole, rows };
}

export function designWindowed(code: SegmentCode, spec: WindowedSpec, rows: RowSet): WindowedCode {
  const w = new WindowCode(code, spec.shape.layout);
  const resultField: ResultField = (id) => spec.results.layout.fields.find((f) => f.id === id)!;
  const of = <K extends WindowedCall['kind']>(kind: K): Extract<WindowedCall, { kind: K }>[] =>
    spec.calls.filter((c): c is Extract<WindowedCall, { kind: K }> => c.kind === kind);
  const places: readonly PositionCall[] = of('position');
  const parts = [
    ...spec.levels.flatMap(({ keys }, level) => {
      const own = places.filter((c) => c.level === level);
      return own.length === 0 ? [] : [new Positions(w, own, level, keys, resultField)];
    }),
    ...aggregateParts(w, of('aggregate') as readonly AggregateCall[], resultField),
    ...valueParts(w, of('value') as readonly ValueCall[], resultField),
  ];
  const [at, searching] = [w.cursor(), w.cursor()];
  w.place();
  const results = code.allocate(spec.results.layout.size * BATCH_ROWS, 16);
  return { w, spec, parts, rows, results, ahead: aheadOf(spec.calls), at, searching };
}

export function emitWindowed(env: StageEnv, d: WindowedCode): void {
  const { fb } = env;
  const { w, rows } = d;
  const { fields } = w;
  env.getState(w.shared(WINDOWED.READY));
  fb.do('i32_eqz');
  fb.if_(() => (fb.i32_const(STATUS.NEED_INPUT), fb.return_()));
  setConst(env, w.shared(WINDOWED.WANT), WANT_NOTHING);
  for (const field of [fields.out, fields.steps]) setConst(env, field, 0);
  fb.block((exit) => {
    const isMore = (): void => {
      env.getState(fields.out);
      fb.i32_const(BATCH_ROWS);
      fb.do('i32_lt_s');
      env.getState(fields.row);
      env.getState(w.shared(WINDOWED.ROWS));
      fb.do('i32_lt_s', 'i32_and');
    };
    whileTrue(env, isMore, () => emitRow(env, d, exit));
  });
  leaveWithoutRows(env, w);
  env.setState(rows.count, () => env.getState(fields.out));
  setConst(env, rows.cursor, 0);
  env.count(0, () => env.getState(fields.out));
}

/** No row in the batch: the end, a pause, or the host is asked. */
function leaveWithoutRows(env: StageEnv, w: WindowCode): void {
  const { fb } = env;
  const leave = (status: number): void => {
    fb.i32_const(status);
    fb.return_();
  };
  const want = w.shared(WINDOWED.WANT);
  env.getState(w.fields.out);
  fb.do('i32_eqz');
  fb.if_(() => {
    env.getState(want);
    fb.do('i32_eqz');
    fb.if_(() => leave(STATUS.DONE));
    env.getState(want);
    fb.i32_const(WANT_PAUSE);
    fb.do('i32_eq');
    fb.if_(() => leave(STATUS.YIELD));
    leave(STATUS.NEED_INPUT);
  });
}

function emitRow(env: StageEnv, d: WindowedCode, exit: Label): void {
  const { fb } = env;
  const { w, rows } = d;
  const { fields } = w;
  const place = placeAt(env, w, d.at, () => env.getState(fields.row), exit);
  const row = listed(env, place, LISTED.ROW);
  beginRow(env, d, row, listed(env, place, LISTED.MARKS));
  lookAhead(env, d, row, exit);
  const result = fb.local('i32');
  fb.get(env.ctx);
  fb.i32_const(d.results);
  fb.do('i32_add');
  env.getState(fields.out);
  fb.i32_const(d.spec.results.layout.size);
  fb.do('i32_mul', 'i32_add');
  fb.set(result);
  emitInRuns(
    env,
    d.parts,
    [row, result],
    undefined,
    (inner, run, [at, into]) =>
      inner.fb.block((out) => {
        for (const part of run) part.emit(inner, { row: at!, result: into! }, out);
      }),
    (part) => part.weight,
  );
  env.endLong(CTX.LONG_ROW);
  env.getState(w.shared(WINDOWED.WANT));
  fb.br_if(exit);
  const out = fb.local('i32');
  env.getState(fields.out);
  fb.set(out);
  for (const [slot, address] of [row, result].entries()) {
    env.element(out);
    fb.get(address);
    fb.mem('i32_store', rows.tuples[slot]!);
  }
  increment(env, fields.out);
  increment(env, fields.row);
}

/** Once a row: the partition it begins, and what parts count by rows. */
function beginRow(env: StageEnv, d: WindowedCode, row: number, marks: number): void {
  const { fb } = env;
  const { w } = d;
  const { fields } = w;
  env.getState(fields.begun);
  env.getState(fields.row);
  fb.do('i32_le_s');
  fb.if_(() => {
    env.getState(fields.row);
    fb.do('i32_eqz');
    pushBegins(env, marks, 0, d.spec.levels[0]!.keys);
    fb.do('i32_or');
    fb.if_(() => {
      copyField(env, fields.start, fields.row);
      copyField(env, fields.reach, fields.row);
      setConst(env, fields.whole, 0);
      emitInRuns(env, d.parts, [], undefined, (inner, run) => {
        for (const part of run) part.reset?.(inner);
      });
    });
    const beginning = d.parts.filter((p) => p.begin !== undefined);
    emitInRuns(env, beginning, [row, marks], undefined, (inner, run, [at, bits]) => {
      for (const part of run) part.begin!(inner, at!, bits!);
    });
    copyField(env, fields.begun, fields.row);
    increment(env, fields.begun);
    // The row itself belongs to its partition.
    env.getState(fields.reach);
    env.getState(fields.row);
    fb.do('i32_le_s');
    fb.if_(() => copyField(env, fields.reach, fields.begun));
  });
}

/** Goes on to the partition's end, or as far as the row's functions look. */
function lookAhead(env: StageEnv, d: WindowedCode, row: number, exit: Label): void {
  const { fb } = env;
  const { w, ahead } = d;
  const { fields } = w;
  const until = ahead.whole ? undefined : fb.local('i32');
  if (until !== undefined) {
    if (ahead.rows.length === 0) return;
    farthest(env, d, row, until);
  }
  fb.block((done) => {
    const isMore = (): void => {
      env.getState(fields.whole);
      fb.do('i32_eqz');
      if (until === undefined) return;
      env.getState(fields.reach);
      fb.get(until);
      fb.do('i32_le_s', 'i32_and');
    };
    whileTrue(env, isMore, () => {
      const end = (): void => {
        setConst(env, fields.whole, 1);
        fb.br(done);
      };
      env.getState(fields.reach);
      env.getState(w.shared(WINDOWED.ROWS));
      fb.do('i32_ge_s');
      fb.if_(end);
      countStep(env, w, exit);
      const next = marksAt(env, w, d.searching, () => env.getState(fields.reach), exit);
      pushBegins(env, next, 0, d.spec.levels[0]!.keys);
      fb.if_(end);
      increment(env, fields.reach);
    });
  });
}
/** The last row that the functions of this one look at. */
function farthest(env: StageEnv, d: WindowedCode, row: number, until: number): void {
  const { fb } = env;
  const most = fb.local('i64');
  fb.i64_const(0n);
  fb.set(most);
  for (const expr of d.ahead.rows) {
    const v = offsetValue(env, d.w, row, expr);
    fb.get(most);
    v.push();
    fb.get(most);
    v.push();
    fb.do('i64_gt_s');
    fb.select();
    fb.set(most);
  }
  env.getState(d.w.fields.row);
  fb.get(most);
  fb.i64_const(2n ** 29n);
  fb.get(most);
  fb.i64_const(2n ** 29n);
  fb.do('i64_lt_s');
  fb.select();
  fb.do('i32_wrap_i64', 'i32_add');
  fb.set(until);
}
