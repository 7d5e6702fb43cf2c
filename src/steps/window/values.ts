/**
 * Values of other rows of the partition, and places in it. Rows are found by their number; where NULLs are passed by, a
 * pointer moves over the rows with the frame or the row at hand, never back.
 */
import type { Label } from '../../wasm/assembler.ts';
import type { StageEnv } from '../segment-code.ts';
import type { ResultField, WindowPartCode } from './part.ts';
import { isPercentile, Percentile } from './percentile.ts';
import type { WindowedCall, WindowLevel } from './spec.ts';
import { ValuePart, type ValueCall } from './value-part.ts';
import {
  copyField,
  countStep,
  frameRows,
  increment,
  marksAt,
  pushBegins,
  rowAt,
  setConst,
  whileBelow,
  whileTrue,
  type RowLocals,
  type WindowCode,
} from './window-code.ts';

export type PositionCall = Extract<WindowedCall, { kind: 'position' }>;

export function valueParts(
  w: WindowCode,
  calls: readonly ValueCall[],
  resultField: ResultField,
): readonly WindowPartCode[] {
  return calls.map((call) => {
    if (isPercentile(call)) return new Percentile(w, call, resultField);
    if (!call.ignoreNulls) return new Value(w, call, resultField);
    switch (call.place) {
      case 'lag':
        return new LagPresent(w, call, resultField);
      case 'lead':
        return new LeadPresent(w, call, resultField);
      case 'last':
        return new LastPresent(w, call, resultField);
      default:
        return new NthPresent(w, call, resultField);
    }
  });
}

class Value extends ValuePart {
  emit(env: StageEnv, at: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w, call } = this;
    this.storeNull(env, at.result);
    const index = fb.local('i32');
    const storeBetween = (from: () => void, to: () => void): void => {
      fb.get(index);
      from();
      fb.do('i32_ge_s');
      fb.get(index);
      to();
      fb.do('i32_lt_s', 'i32_and');
      fb.if_(() => this.store(env, at.result, () => fb.get(index), exit));
    };
    if (call.place === 'lag' || call.place === 'lead') {
      return this.offset(env, at.row, 0, (offset) => {
        env.getState(w.fields.row);
        fb.get(offset);
        fb.do(call.place === 'lag' ? 'i32_sub' : 'i32_add');
        fb.set(index);
        storeBetween(
          () => env.getState(w.fields.start),
          () => env.getState(w.fields.reach),
        );
      });
    }
    const { from, to } = frameRows(env, w, call.frame!);
    const inFrame = (): void =>
      storeBetween(
        () => fb.get(from),
        () => fb.get(to),
      );
    if (call.place === 'nth') {
      return this.offset(env, at.row, 1, (n) => {
        fb.get(from);
        fb.get(n);
        fb.do('i32_add');
        fb.i32_const(1);
        fb.do('i32_sub');
        fb.set(index);
        inFrame();
      });
    }
    fb.get(call.place === 'first' ? from : to);
    fb.i32_const(call.place === 'first' ? 0 : 1);
    fb.do('i32_sub');
    fb.set(index);
    inFrame();
  }
}

/** The row's own value when it is not NULL: offset 0. */
function storeOwn(env: StageEnv, part: { own(env: StageEnv): void }, offset: number, otherwise: () => void): void {
  const { fb } = env;
  fb.get(offset);
  fb.do('i32_eqz');
  env.when(() => part.own(env), otherwise);
}

/** `first` is the first of the newest `count` rows with a value before NEXT. */
class LagPresent extends ValuePart {
  private readonly next: number;
  private readonly first: number;
  private readonly count: number;
  private readonly passing: number;
  private readonly seeking: number;
  constructor(w: WindowCode, call: ValueCall, resultField: ResultField) {
    super(w, call, resultField);
    [this.next, this.first, this.count] = [w.field(), w.field(), w.field()];
    [this.passing, this.seeking] = [w.cursor(), w.cursor()];
  }
  reset(env: StageEnv): void {
    for (const f of [this.next, this.first]) copyField(env, f, this.w.fields.start);
    setConst(env, this.count, 0);
  }
  emit(env: StageEnv, at: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w } = this;
    this.storeNull(env, at.result);
    this.offset(env, at.row, 0, (offset) => {
      const own = (): void => this.store(env, at.result, () => env.getState(w.fields.row), exit);
      storeOwn(env, { own }, offset, () => {
        this.pass(env, offset, exit);
        env.getState(this.count);
        fb.get(offset);
        fb.do('i32_eq');
        fb.if_(() => this.store(env, at.result, () => env.getState(this.first), exit));
      });
    });
  }
  private pass(env: StageEnv, offset: number, exit: Label): void {
    const { fb } = env;
    const { w } = this;
    whileBelow(
      env,
      this.next,
      () => env.getState(w.fields.row),
      () => {
        countStep(env, w, exit);
        const row = rowAt(env, w, this.passing, () => env.getState(this.next), exit);
        this.whenPresent(env, row, () => {
          env.getState(this.count);
          fb.get(offset);
          fb.do('i32_lt_s');
          fb.if_(
            () => {
              env.getState(this.count);
              fb.do('i32_eqz');
              fb.if_(() => copyField(env, this.first, this.next));
              increment(env, this.count);
            },
            () => this.advance(env, exit),
          );
        });
        increment(env, this.next);
      },
    );
  }
  /** `first` goes on to the next row with a value; NEXT is one. */
  private advance(env: StageEnv, exit: Label): void {
    const { fb } = env;
    fb.block((done) =>
      fb.loop((again) => {
        countStep(env, this.w, exit);
        const pushNext = (): void => {
          env.getState(this.first);
          fb.i32_const(1);
          fb.do('i32_add');
        };
        const row = rowAt(env, this.w, this.seeking, pushNext, exit);
        increment(env, this.first);
        this.whenPresent(env, row, () => fb.br(done));
        fb.br(again);
      }),
    );
  }
}

/** `count` rows behind the one at hand, up to LAST, have a value. */
class LeadPresent extends ValuePart {
  private readonly last: number;
  private readonly count: number;
  private readonly passing: number;
  constructor(w: WindowCode, call: ValueCall, resultField: ResultField) {
    super(w, call, resultField);
    [this.last, this.count] = [w.field(), w.field()];
    this.passing = w.cursor();
  }
  reset(env: StageEnv): void {
    setConst(env, this.last, -1);
    setConst(env, this.count, 0);
  }
  begin(env: StageEnv, row: number): void {
    const { fb } = env;
    env.getState(this.last);
    env.getState(this.w.fields.row);
    fb.do('i32_lt_s');
    fb.if_(
      () => {
        copyField(env, this.last, this.w.fields.row);
        setConst(env, this.count, 0);
      },
      () => this.whenPresent(env, row, () => increment(env, this.count, -1)),
    );
  }
  emit(env: StageEnv, at: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w } = this;
    this.storeNull(env, at.result);
    this.offset(env, at.row, 0, (offset) => {
      const own = (): void => this.store(env, at.result, () => env.getState(w.fields.row), exit);
      storeOwn(env, { own }, offset, () => {
        const isMore = (): void => {
          env.getState(this.count);
          fb.get(offset);
          fb.do('i32_lt_s');
          env.getState(this.last);
          fb.i32_const(1);
          fb.do('i32_add');
          env.getState(w.fields.reach);
          fb.do('i32_lt_s', 'i32_and');
        };
        whileTrue(env, isMore, () => {
          countStep(env, w, exit);
          const pushNext = (): void => {
            env.getState(this.last);
            fb.i32_const(1);
            fb.do('i32_add');
          };
          const row = rowAt(env, w, this.passing, pushNext, exit);
          increment(env, this.last);
          this.whenPresent(env, row, () => increment(env, this.count));
        });
        env.getState(this.count);
        fb.get(offset);
        fb.do('i32_eq');
        fb.if_(() => this.store(env, at.result, () => env.getState(this.last), exit));
      });
    });
  }
}

/** The last row with a value before NEXT, which goes to the frame's end. */
class LastPresent extends ValuePart {
  private readonly next: number;
  private readonly last: number;
  private readonly passing: number;
  constructor(w: WindowCode, call: ValueCall, resultField: ResultField) {
    super(w, call, resultField);
    [this.next, this.last] = [w.field(), w.field()];
    this.passing = w.cursor();
  }
  reset(env: StageEnv): void {
    copyField(env, this.next, this.w.fields.start);
    setConst(env, this.last, -1);
  }
  emit(env: StageEnv, at: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w } = this;
    const { from, to } = frameRows(env, w, this.call.frame!);
    this.storeNull(env, at.result);
    whileBelow(
      env,
      this.next,
      () => fb.get(to),
      () => {
        countStep(env, w, exit);
        const row = rowAt(env, w, this.passing, () => env.getState(this.next), exit);
        this.whenPresent(env, row, () => copyField(env, this.last, this.next));
        increment(env, this.next);
      },
    );
    env.getState(this.last);
    fb.get(from);
    fb.do('i32_ge_s');
    fb.if_(() => this.store(env, at.result, () => env.getState(this.last), exit));
  }
}

/** `count` rows of the frame before NEXT have a value; the n-th of them, or NEXT is the frame's end. */
class NthPresent extends ValuePart {
  private readonly from: number;
  private readonly next: number;
  private readonly count: number;
  private readonly passing: number;
  private readonly leaving: number;
  constructor(w: WindowCode, call: ValueCall, resultField: ResultField) {
    super(w, call, resultField);
    [this.from, this.next, this.count] = [w.field(), w.field(), w.field()];
    [this.passing, this.leaving] = [w.cursor(), w.cursor()];
  }
  reset(env: StageEnv): void {
    for (const f of [this.from, this.next]) copyField(env, f, this.w.fields.start);
    setConst(env, this.count, 0);
  }
  emit(env: StageEnv, at: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w, call } = this;
    const { from, to } = frameRows(env, w, call.frame!);
    this.storeNull(env, at.result);
    this.leave(env, from, exit);
    const find = (n: number): void => {
      const isMore = (): void => {
        env.getState(this.count);
        fb.get(n);
        fb.do('i32_lt_s');
        env.getState(this.next);
        fb.get(to);
        fb.do('i32_lt_s', 'i32_and');
      };
      whileTrue(env, isMore, () => {
        countStep(env, w, exit);
        const row = rowAt(env, w, this.passing, () => env.getState(this.next), exit);
        this.whenPresent(env, row, () => increment(env, this.count));
        increment(env, this.next);
      });
      env.getState(this.count);
      fb.get(n);
      fb.do('i32_eq');
      const pushLast = (): void => {
        env.getState(this.next);
        fb.i32_const(1);
        fb.do('i32_sub');
      };
      fb.if_(() => this.store(env, at.result, pushLast, exit));
    };
    if (call.place === 'nth') return this.offset(env, at.row, 1, find);
    const one = fb.local('i32');
    fb.i32_const(1);
    fb.set(one);
    find(one);
  }
  /** Rows before the frame no longer count. */
  private leave(env: StageEnv, from: number, exit: Label): void {
    const { fb } = env;
    whileBelow(
      env,
      this.from,
      () => fb.get(from),
      () => {
        env.getState(this.from);
        env.getState(this.next);
        fb.do('i32_ge_s');
        fb.if_(
          () => {
            for (const f of [this.from, this.next]) env.setState(f, () => fb.get(from));
            setConst(env, this.count, 0);
          },
          () => {
            countStep(env, this.w, exit);
            const row = rowAt(env, this.w, this.leaving, () => env.getState(this.from), exit);
            this.whenPresent(env, row, () => increment(env, this.count, -1));
            increment(env, this.from);
          },
        );
      },
    );
  }
}

// ------------------------------------------------------------------------------------------------------- positions

/** Peers of one level, and the places that are counted by them. */
export class Positions implements WindowPartCode {
  readonly weight: number;
  private readonly peers: number;
  private readonly dense: number;
  private readonly through: number;
  private readonly seeking: number;
  constructor(
    private readonly w: WindowCode,
    private readonly calls: readonly PositionCall[],
    private readonly level: number,
    private readonly keys: WindowLevel['keys'],
    private readonly resultField: ResultField,
  ) {
    this.weight = 16 * (calls.length + 2);
    [this.peers, this.dense, this.through] = [w.field(), w.field(), w.field()];
    this.seeking = w.cursor();
  }
  reset(env: StageEnv): void {
    setConst(env, this.peers, -1);
    for (const f of [this.dense, this.through]) setConst(env, f, 0);
  }
  begin(env: StageEnv, _row: number, marks: number): void {
    const { fb } = env;
    env.getState(this.peers);
    fb.i32_const(0);
    fb.do('i32_lt_s');
    pushBegins(env, marks, this.level, this.keys);
    fb.do('i32_or');
    fb.if_(() => {
      copyField(env, this.peers, this.w.fields.row);
      increment(env, this.dense);
    });
  }
  emit(env: StageEnv, { result }: RowLocals, exit: Label): void {
    const { fb } = env;
    const { fields } = this.w;
    if (this.calls.some((c) => c.position === 'rows_through_peers')) this.findEnd(env, exit);
    for (const call of this.calls) {
      const difference = (to: number, from: number, more: number) => (): void => {
        env.getState(to);
        env.getState(from);
        fb.do('i32_sub');
        fb.i32_const(more);
        fb.do('i32_add', 'i64_extend_i32_s');
      };
      const push = {
        row_number: difference(fields.row, fields.start, 1),
        rank: difference(this.peers, fields.start, 1),
        dense_rank: (): void => (env.getState(this.dense), fb.do('i64_extend_i32_s')),
        partition_rows: difference(fields.reach, fields.start, 0),
        rows_through_peers: difference(this.through, fields.start, 0),
      }[call.position];
      env.storeField(result, this.resultField(call.id), { phys: 'i64', push, pushNull: undefined });
    }
  }
  /** The row behind the last peer. */
  private findEnd(env: StageEnv, exit: Label): void {
    const { fb } = env;
    const { w } = this;
    env.getState(this.through);
    env.getState(w.fields.row);
    fb.do('i32_le_s');
    fb.if_(() => {
      copyField(env, this.through, w.fields.row);
      increment(env, this.through);
    });
    fb.block((done) => {
      whileBelow(
        env,
        this.through,
        () => env.getState(w.fields.reach),
        () => {
          countStep(env, w, exit);
          const marks = marksAt(env, w, this.seeking, () => env.getState(this.through), exit);
          pushBegins(env, marks, this.level, this.keys);
          fb.br_if(done);
          increment(env, this.through);
        },
      );
    });
  }
}
