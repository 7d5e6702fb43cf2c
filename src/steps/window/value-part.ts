/**
 * What the parts that give values of other rows share: the row that was found, the offset.
 */
import type { Label } from '../../wasm/assembler.ts';
import type { StageEnv } from '../segment-code.ts';
import type { ResultField, WindowPartCode } from './part.ts';
import type { WindowedCall } from './spec.ts';
import { storeNull } from './states.ts';
import { offsetValue, rowAt, type RowLocals, type WindowCode } from './window-code.ts';

export type ValueCall = Extract<WindowedCall, { kind: 'value' }>;

const WEIGHT = 40;
const NTH_VALUE_ROW = 42;
const NEGATIVE_OFFSET = 43;

export abstract class ValuePart implements WindowPartCode {
  readonly weight = WEIGHT;
  protected readonly found: number;
  constructor(
    protected readonly w: WindowCode,
    protected readonly call: ValueCall,
    private readonly resultField: ResultField,
  ) {
    this.found = w.cursor();
  }
  abstract emit(env: StageEnv, at: RowLocals, exit: Label): void;
  protected storeNull(env: StageEnv, result: number): void {
    storeNull(env, result, this.resultField(this.call.id));
  }
  /** The value of row `pushIndex` is the result. */
  protected store(env: StageEnv, result: number, pushIndex: () => void, exit: Label): void {
    const row = rowAt(env, this.w, this.found, pushIndex, exit);
    env.storeField(result, this.resultField(this.call.id), env.keptField(row, this.w.column(this.call.arg)));
  }
  /** Runs `body` when the argument in the row is not NULL. */
  protected whenPresent(env: StageEnv, row: number, body: () => void): void {
    const value = env.keptField(row, this.w.column(this.call.arg));
    if (!value.pushNull) return body();
    value.pushNull();
    env.fb.do('i32_eqz');
    env.when(body);
  }
  /** An i32 local with the offset, at most as many as rows there can be; negative (or 0) ones are refused. */
  protected offset(env: StageEnv, row: number, least: 0 | 1, body: (offset: number) => void): void {
    const { fb } = env;
    const v = offsetValue(env, this.w, row, this.call.offset!);
    const offset = fb.local('i32');
    const use = (): void => {
      v.push();
      fb.i64_const(BigInt(least));
      fb.do('i64_lt_s');
      fb.if_(() => env.raise(least === 0 ? NEGATIVE_OFFSET : NTH_VALUE_ROW));
      v.push();
      fb.i64_const(MOST);
      v.push();
      fb.i64_const(MOST);
      fb.do('i64_lt_s');
      fb.select();
      fb.do('i32_wrap_i64');
      fb.set(offset);
      body(offset);
    };
    if (!v.pushNull) return use();
    v.pushNull();
    fb.do('i32_eqz');
    env.when(use);
  }
}
const MOST = 2n ** 29n;
