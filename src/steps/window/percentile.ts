/**
 * Values where a percentile lies among the values of the partition. NULLs of the order are in front of all values or behind
 * them; once these are counted, the row is known for the whole partition.
 */
import type { Label } from '../../wasm/assembler.ts';
import type { StageEnv } from '../segment-code.ts';
import type { ResultField } from './part.ts';
import { ValuePart, type ValueCall } from './value-part.ts';
import {
  copyField,
  countStep,
  increment,
  offsetValue,
  rowAt,
  setConst,
  whileBelow,
  type RowLocals,
  type WindowCode,
} from './window-code.ts';

const PLACES: ReadonlySet<string> = new Set(['percentile_low', 'percentile_high', 'percentile_row']);
export const isPercentile = ({ place }: ValueCall): boolean => PLACES.has(place);

/** `index` is the row; -1: not known yet, -2: there is none. */
export class Percentile extends ValuePart {
  private readonly index: number;
  private readonly next: number;
  private readonly count: number;
  private readonly passing: number;
  constructor(w: WindowCode, call: ValueCall, resultField: ResultField) {
    super(w, call, resultField);
    [this.index, this.next, this.count] = [w.field(), w.field(), w.field()];
    this.passing = w.cursor();
  }
  reset(env: StageEnv): void {
    setConst(env, this.index, -1);
    setConst(env, this.count, 0);
    copyField(env, this.next, this.w.fields.start);
  }
  emit(env: StageEnv, at: RowLocals, exit: Label): void {
    const { fb } = env;
    this.storeNull(env, at.result);
    env.getState(this.index);
    fb.i32_const(-1);
    fb.do('i32_eq');
    fb.if_(() => {
      this.countValues(env, exit);
      this.find(env, at.row);
    });
    env.getState(this.index);
    fb.i32_const(0);
    fb.do('i32_ge_s');
    fb.if_(() => this.store(env, at.result, () => env.getState(this.index), exit));
  }
  private countValues(env: StageEnv, exit: Label): void {
    const { w } = this;
    whileBelow(
      env,
      this.next,
      () => env.getState(w.fields.reach),
      () => {
        countStep(env, w, exit);
        const row = rowAt(env, w, this.passing, () => env.getState(this.next), exit);
        this.whenPresent(env, row, () => increment(env, this.count));
        increment(env, this.next);
      },
    );
  }
  private find(env: StageEnv, row: number): void {
    const { fb } = env;
    const { fields } = this.w;
    const place = fb.local('i64');
    setConst(env, this.index, -2);
    const percentile = offsetValue(env, this.w, row, this.call.offset!);
    const locate = (): void => {
      fb.get(env.ctx);
      percentile.push();
      env.getState(this.count);
      fb.do('i64_extend_i32_s');
      fb.call(env.kernel(this.call.place, ['i32', 'i64', 'i64'], ['i64']));
      fb.set(place);
      env.checkError();
      env.getState(this.count);
      env.when(() =>
        env.setState(this.index, () => {
          fb.get(place);
          fb.do('i32_wrap_i64');
          fb.i32_const(1);
          fb.do('i32_sub');
          // Values begin with the partition, or end with it.
          env.getState(this.call.nullsFirst ? fields.reach : fields.start);
          fb.do('i32_add');
          if (!this.call.nullsFirst) return;
          env.getState(this.count);
          fb.do('i32_sub');
        }),
      );
    };
    if (!percentile.pushNull) return locate();
    percentile.pushNull();
    fb.do('i32_eqz');
    env.when(locate);
  }
}
