/**
 * Texts of a partition one behind the other, in its order. They lie in a ring of bytes that starts over with a batch: rows
 * of the batch at hand point to texts of several partitions, so what lies there stays until the batch has gone.
 */
import type { Label } from '../../wasm/assembler.ts';
import { unlessNull } from '../aggr/distinct.ts';
import { CTX } from '../../wasm/memory-map.ts';
import type { StageEnv } from '../segment-code.ts';
import type { ResultField, WindowPartCode } from './part.ts';
import { RING, WANT_PAUSE, WINDOWED } from './state.ts';
import { storeNull, type AggregateCall } from './states.ts';
import {
  copyField,
  countStep,
  increment,
  rowAt,
  setConst,
  wantRoom,
  whileBelow,
  type RowLocals,
  type WindowCode,
} from './window-code.ts';

const WEIGHT = 60;
const LISTAGG_LIMIT = 30;

export class Concat implements WindowPartCode {
  readonly weight = WEIGHT;
  private readonly ring: number;
  private readonly to: number;
  /** Where the partition's text begins in the ring. */
  private readonly text: number;
  private readonly entering: number;
  constructor(
    private readonly w: WindowCode,
    private readonly call: AggregateCall,
    private readonly resultField: ResultField,
  ) {
    this.ring = w.ring();
    [this.to, this.text] = [w.field(), w.field()];
    this.entering = w.cursor();
  }
  private field(f: number): number {
    return this.w.ringField(this.ring, f);
  }
  reset(env: StageEnv): void {
    copyField(env, this.to, this.w.fields.start);
    copyField(env, this.text, this.field(RING.END));
    setConst(env, this.field(RING.ENTRY), 1);
  }
  emit(env: StageEnv, { result }: RowLocals, exit: Label): void {
    const { fb } = env;
    const { w, call } = this;
    whileBelow(
      env,
      this.to,
      () => env.getState(w.fields.reach),
      () => {
        countStep(env, w, exit);
        const row = rowAt(env, w, this.entering, () => env.getState(this.to), exit);
        const value = env.field(row, w.column(call.arg!));
        unlessNull(env, value, () => this.append(env, () => value.push(), exit));
        env.endLong(CTX.LONG_ROW);
        increment(env, this.to);
      },
    );
    const into = this.resultField(call.id);
    storeNull(env, result, into);
    this.pushBytes(env);
    env.when(() => {
      const push = (): void => {
        env.getState(this.field(RING.ADDRESS));
        env.getState(this.text);
        fb.do('i32_add', 'i64_extend_i32_u');
        this.pushBytes(env);
        fb.do('i64_extend_i32_u');
        fb.i64_const(32n);
        fb.do('i64_shl', 'i64_or');
      };
      env.storeField(result, into, { phys: 'str', push, pushNull: undefined });
    });
  }
  /** Of the partition's text so far. */
  private pushBytes(env: StageEnv): void {
    env.getState(this.field(RING.END));
    env.getState(this.text);
    env.fb.do('i32_sub');
  }
  private append(env: StageEnv, pushText: () => void, exit: Label): void {
    const { fb } = env;
    const end = this.field(RING.END);
    const [text, bytes] = [fb.local('i64'), fb.local('i32')];
    pushText();
    fb.tee(text);
    fb.i64_const(32n);
    fb.do('i64_shr_u', 'i32_wrap_i64');
    fb.set(bytes);
    this.pushBytes(env);
    fb.get(bytes);
    fb.do('i32_add');
    fb.i32_const(this.call.type.length!);
    fb.do('i32_gt_u');
    fb.if_(() => env.raise(LISTAGG_LIMIT));
    this.makeRoom(env, bytes, exit);
    env.getState(this.field(RING.ADDRESS));
    env.getState(end);
    fb.do('i32_add');
    fb.get(text);
    fb.do('i32_wrap_i64');
    fb.get(bytes);
    fb.call(env.kernel('copy_text', ['i32', 'i32', 'i32'], []));
    env.count32(end, () => fb.get(bytes));
  }
  private makeRoom(env: StageEnv, bytes: number, exit: Label): void {
    const { fb } = env;
    const { w } = this;
    const end = this.field(RING.END);
    const whenFull = (body: () => void): void => {
      env.getState(end);
      fb.get(bytes);
      fb.do('i32_add');
      env.getState(this.field(RING.CAPACITY));
      fb.do('i32_gt_u');
      fb.if_(body);
    };
    whenFull(() => {
      env.getState(w.fields.out);
      fb.if_(() => {
        setConst(env, w.shared(WINDOWED.WANT), WANT_PAUSE);
        fb.br(exit);
      });
      env.getState(this.field(RING.ADDRESS));
      env.getState(this.field(RING.ADDRESS));
      env.getState(this.text);
      fb.do('i32_add');
      this.pushBytes(env);
      fb.memory_copy();
      env.setState(end, () => this.pushBytes(env));
      setConst(env, this.text, 0);
    });
    whenFull(() => wantRoom(env, w, this.ring, exit));
  }
}
