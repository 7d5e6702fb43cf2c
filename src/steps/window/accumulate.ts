/**
 * Aggregates over frames. Frames move with the row, never back:
 *
 *   growing   the frame starts with the partition: rows only come
 *   moving    rows go out at the front, too. Counts and exact sums take them out again; for everything else the frame's rows
 *             are two lists: those in front, each with the state of itself and all behind it in its list, and those behind,
 *             whose common state is kept. When the front list is used up the other one becomes it.
 *   least     the least, greatest or any text of a growing frame: the number of the row it is in, which is held
 *   concat    the texts of the whole partition (concat.ts)
 */
import { pushCompare } from '../../expressions/compile-compare.ts';
import type { Label } from '../../wasm/assembler.ts';
import { MOMENTS_BYTES } from '../../functions/aggregate-lowering.ts';
import { BATCH_ROWS } from '../../common/limits.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { unlessNull } from '../aggr/distinct.ts';
import type { StageEnv } from '../segment-code.ts';
import { Concat } from './concat.ts';
import type { ResultField, WindowPartCode } from './part.ts';
import { RING } from './state.ts';
import {
  addRow,
  emptyStates,
  holdsText,
  layoutStates,
  mergeStates,
  removeRow,
  storeNull,
  storeStates,
  type AggregateCall,
  type States,
} from './states.ts';
import {
  copyCursor,
  copyField,
  countStep,
  frameRows,
  increment,
  rowAt,
  setConst,
  wantRoom,
  whileBelow,
  whileTrue,
  type RowLocals,
  type WindowCode,
} from './window-code.ts';

/** Aggregates over one frame in one function. */
const TOGETHER_MAX = 8;
const AGGREGATE_WEIGHT = 40;

const TAKES_OUT: ReadonlySet<string> = new Set(['count', 'count_star', 'sum_i64', 'sum_i128']);
type Way = 'growing' | 'least' | 'exact' | 'ring' | 'concat';

function wayOf(call: AggregateCall): Way {
  if (call.prim === 'concat') return 'concat';
  if (call.frame.start.kind === 'unbounded') return holdsText(call) ? 'least' : 'growing';
  return TAKES_OUT.has(call.prim) ? 'exact' : 'ring';
}

/** Calls over the same frame that go the same way share their rows. */
export function aggregateParts(
  w: WindowCode,
  calls: readonly AggregateCall[],
  resultField: ResultField,
): readonly WindowPartCode[] {
  const groups = new Map<string, AggregateCall[][]>();
  for (const call of calls) {
    const way = wayOf(call);
    const key = `${way} ${JSON.stringify(call.frame)}`;
    const chunks = groups.get(key) ?? [];
    groups.set(key, chunks);
    const last = chunks.at(-1);
    if (last === undefined || way === 'least' || way === 'concat' || last.length >= TOGETHER_MAX) chunks.push([call]);
    else last.push(call);
  }
  return [...groups.values()].flat().map((chunk) => {
    const way = wayOf(chunk[0]!);
    if (way === 'concat') return new Concat(w, chunk[0]!, resultField);
    if (way === 'least') return new Least(w, chunk[0]!, resultField);
    if (way === 'growing') return new Growing(w, chunk, resultField);
    return way === 'exact' ? new Exact(w, chunk, resultField) : new Ring(w, chunk, resultField);
  });
}

/** Where a frame's rows end, and the states of those in it. */
abstract class FramePart implements WindowPartCode {
  readonly weight: number;
  protected readonly states: States;
  protected readonly at: number;
  private readonly end: number;
  protected readonly entering: number;
  private readonly blocks: ReadonlyMap<AggregateCall, number>;
  constructor(
    protected readonly w: WindowCode,
    protected readonly calls: readonly AggregateCall[],
    private readonly resultField: ResultField,
    counted: boolean,
  ) {
    this.weight = AGGREGATE_WEIGHT * (calls.length + 1);
    this.states = layoutStates(calls, counted);
    this.at = w.code.allocate(this.states.size, 16);
    this.end = w.field();
    this.entering = w.cursor();
    const variances = calls.filter((c) => c.prim === 'moments');
    this.blocks = new Map(variances.map((c) => [c, w.code.allocate(BATCH_ROWS * MOMENTS_BYTES)]));
  }
  /** The row behind the last one that came in. */
  protected get to(): number {
    return this.end;
  }
  protected address(env: StageEnv, offset: number): number {
    const { fb } = env;
    const at = fb.local('i32');
    fb.get(env.ctx);
    fb.i32_const(offset);
    fb.do('i32_add');
    fb.set(at);
    return at;
  }
  reset(env: StageEnv): void {
    copyField(env, this.to, this.w.fields.start);
    emptyStates(env, this.address(env, this.at), this.states);
  }
  abstract emit(env: StageEnv, at: RowLocals, exit: Label): void;
  /** Rows up to `to` come in. */
  protected enter(env: StageEnv, to: number, exit: Label, take: (row: number) => void): void {
    const { fb } = env;
    whileBelow(
      env,
      this.to,
      () => fb.get(to),
      () => {
        countStep(env, this.w, exit);
        take(rowAt(env, this.w, this.entering, () => env.getState(this.to), exit));
        increment(env, this.to);
      },
    );
  }
  protected store(env: StageEnv, states: number, result: number): void {
    const { fb } = env;
    const blockOf = (call: AggregateCall): number => {
      const block = fb.local('i32');
      fb.get(env.ctx);
      fb.i32_const(this.blocks.get(call)!);
      fb.do('i32_add');
      env.getState(this.w.fields.out);
      fb.i32_const(MOMENTS_BYTES);
      fb.do('i32_mul', 'i32_add');
      fb.set(block);
      return block;
    };
    storeStates(env, this.states, states, result, (call) => this.resultField(call.id), blockOf);
  }
}

class Growing extends FramePart {
  constructor(w: WindowCode, calls: readonly AggregateCall[], resultField: ResultField) {
    super(w, calls, resultField, false);
  }
  emit(env: StageEnv, { result }: RowLocals, exit: Label): void {
    const { to } = frameRows(env, this.w, this.calls[0]!.frame);
    const states = this.address(env, this.at);
    this.enter(env, to, exit, (row) => addRow(env, this.w, this.states, states, row));
    this.store(env, states, result);
  }
}

/** Pushes the lesser of two locals, or of a local and a field. */
function pushLess(env: StageEnv, a: number, field: number): void {
  const { fb } = env;
  fb.get(a);
  env.getState(field);
  fb.get(a);
  env.getState(field);
  fb.do('i32_lt_s');
  fb.select();
}

class Exact extends FramePart {
  private readonly from: number;
  private readonly leaving: number;
  constructor(w: WindowCode, calls: readonly AggregateCall[], resultField: ResultField) {
    super(w, calls, resultField, true);
    this.from = w.field();
    this.leaving = w.cursor();
  }
  override reset(env: StageEnv): void {
    super.reset(env);
    copyField(env, this.from, this.w.fields.start);
  }
  emit(env: StageEnv, { result }: RowLocals, exit: Label): void {
    const { fb } = env;
    const { from, to } = frameRows(env, this.w, this.calls[0]!.frame);
    const states = this.address(env, this.at);
    // First out, then in: a sum that fits is never refused on its way.
    whileBelow(
      env,
      this.from,
      () => pushLess(env, from, this.to),
      () => {
        countStep(env, this.w, exit);
        const row = rowAt(env, this.w, this.leaving, () => env.getState(this.from), exit);
        removeRow(env, this.w, this.states, states, row);
        increment(env, this.from);
      },
    );
    fb.get(from);
    env.getState(this.to);
    fb.do('i32_gt_s');
    fb.if_(() => {
      for (const field of [this.from, this.to]) env.setState(field, () => fb.get(from));
    });
    this.enter(env, to, exit, (row) => addRow(env, this.w, this.states, states, row));
    this.store(env, states, result);
  }
}

class Ring extends FramePart {
  private readonly ring: number;
  /** The first row of the list behind. */
  private readonly middle: number;
  /** While the list behind becomes the one in front: the row whose entry is whole; -1 otherwise. */
  private readonly turning: number;
  private readonly both: number;
  private readonly holds: boolean;
  constructor(w: WindowCode, calls: readonly AggregateCall[], resultField: ResultField) {
    super(w, calls, resultField, false);
    this.ring = w.ring();
    this.middle = w.field();
    this.turning = w.field();
    this.both = w.code.allocate(this.states.size, 16);
    this.holds = calls.some(holdsText);
  }
  private get from(): number {
    return this.w.ringField(this.ring, RING.START);
  }
  protected override get to(): number {
    return this.w.ringField(this.ring, RING.END);
  }
  override reset(env: StageEnv): void {
    super.reset(env);
    const field = (f: number): number => this.w.ringField(this.ring, f);
    for (const f of [this.from, this.middle]) copyField(env, f, this.w.fields.start);
    setConst(env, this.turning, -1);
    setConst(env, field(RING.ENTRY), this.states.size);
    setConst(env, field(RING.HOLDS), this.holds ? 1 : 0);
  }
  /** A local with the address of the entry of row `pushRow`. */
  private entry(env: StageEnv, pushRow: () => void): number {
    const { fb } = env;
    const at = fb.local('i32');
    pushRow();
    env.getState(this.w.ringField(this.ring, RING.CAPACITY));
    fb.i32_const(1);
    fb.do('i32_sub', 'i32_and');
    fb.i32_const(this.states.size);
    fb.do('i32_mul');
    env.getState(this.w.ringField(this.ring, RING.ADDRESS));
    fb.do('i32_add');
    fb.set(at);
    return at;
  }
  emit(env: StageEnv, { result }: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w } = this;
    const { from, to } = frameRows(env, w, this.calls[0]!.frame);
    const behind = this.address(env, this.at);
    this.leave(env, from, behind, exit);
    this.enter(env, to, exit, (row) => this.take(env, row, behind, exit));
    const both = this.address(env, this.both);
    emptyStates(env, both, this.states);
    env.getState(this.from);
    env.getState(this.middle);
    fb.do('i32_lt_s');
    fb.if_(() =>
      mergeStates(
        env,
        this.states,
        both,
        this.entry(env, () => env.getState(this.from)),
      ),
    );
    mergeStates(env, this.states, both, behind);
    this.store(env, both, result);
  }
  private take(env: StageEnv, row: number, behind: number, exit: Label): void {
    const { fb } = env;
    env.getState(this.to);
    env.getState(this.from);
    fb.do('i32_sub');
    env.getState(this.w.ringField(this.ring, RING.CAPACITY));
    fb.do('i32_ge_u');
    fb.if_(() => wantRoom(env, this.w, this.ring, exit));
    const entry = this.entry(env, () => env.getState(this.to));
    emptyStates(env, entry, this.states);
    for (const at of [entry, behind]) addRow(env, this.w, this.states, at, row);
  }
  /** Rows before `from` go. */
  private leave(env: StageEnv, from: number, behind: number, exit: Label): void {
    const { fb } = env;
    fb.get(from);
    env.getState(this.to);
    fb.do('i32_ge_s');
    fb.if_(
      () => {
        for (const field of [this.from, this.to, this.middle]) env.setState(field, () => fb.get(from));
        setConst(env, this.turning, -1);
        emptyStates(env, behind, this.states);
      },
      () => {
        whileBelow(
          env,
          this.from,
          () => fb.get(from),
          () => {
            env.getState(this.from);
            env.getState(this.middle);
            fb.do('i32_ge_s');
            fb.if_(() => this.turn(env, behind, exit));
            increment(env, this.from);
          },
        );
      },
    );
  }
  /** The list behind becomes the one in front: each entry takes in the one behind it, from the last to the first. */
  private turn(env: StageEnv, behind: number, exit: Label): void {
    const { fb } = env;
    env.getState(this.turning);
    fb.i32_const(0);
    fb.do('i32_lt_s');
    fb.if_(() => {
      copyField(env, this.turning, this.to);
      increment(env, this.turning, -1);
    });
    const isMore = (): void => {
      env.getState(this.turning);
      env.getState(this.from);
      fb.do('i32_gt_s');
    };
    whileTrue(env, isMore, () => {
      countStep(env, this.w, exit);
      const later = this.entry(env, () => env.getState(this.turning));
      increment(env, this.turning, -1);
      const earlier = this.entry(env, () => env.getState(this.turning));
      mergeStates(env, this.states, earlier, later);
    });
    copyField(env, this.middle, this.to);
    setConst(env, this.turning, -1);
    emptyStates(env, behind, this.states);
  }
}

class Least implements WindowPartCode {
  readonly weight = AGGREGATE_WEIGHT;
  private readonly to: number;
  private readonly best: number;
  private readonly entering: number;
  private readonly holding: number;
  constructor(
    private readonly w: WindowCode,
    private readonly call: AggregateCall,
    private readonly resultField: ResultField,
  ) {
    this.to = w.field();
    this.best = w.field();
    this.entering = w.cursor();
    this.holding = w.cursor();
  }
  reset(env: StageEnv): void {
    copyField(env, this.to, this.w.fields.start);
    setConst(env, this.best, -1);
  }
  private held(env: StageEnv, exit: Label): number {
    return rowAt(env, this.w, this.holding, () => env.getState(this.best), exit);
  }
  emit(env: StageEnv, { result }: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w, call } = this;
    const field = w.column(call.arg!);
    const { to } = frameRows(env, w, call.frame);
    const take = (): void => {
      copyField(env, this.best, this.to);
      copyCursor(env, w, this.holding, this.entering);
    };
    whileBelow(
      env,
      this.to,
      () => fb.get(to),
      () => {
        countStep(env, w, exit);
        const row = rowAt(env, w, this.entering, () => env.getState(this.to), exit);
        const value = env.keptField(row, field);
        unlessNull(env, value, () => {
          env.getState(this.best);
          fb.i32_const(0);
          fb.do('i32_lt_s');
          env.when(take, () => {
            if (call.prim !== 'min' && call.prim !== 'max') return;
            const [entering, old] = [value, env.keptField(this.held(env, exit), field)].map((kept) =>
              env.fetched({ ...kept, pushNull: undefined }),
            );
            pushCompare(env, call.prim === 'min' ? '<' : '>', entering!, old!);
            env.when(take);
            env.endLong(CTX.LONG_ROW);
          });
        });
        increment(env, this.to);
      },
    );
    const into = this.resultField(call.id);
    storeNull(env, result, into);
    env.getState(this.best);
    fb.i32_const(0);
    fb.do('i32_ge_s');
    fb.if_(() => env.storeField(result, into, env.keptField(this.held(env, exit), field)));
  }
}
