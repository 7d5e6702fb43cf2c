/**
 * The outer key before the one at hand of a merge join.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { typedValue, type TypedValue } from '../../expressions/code-env.ts';
import { LOAD, physOf, STORE } from '../../types/sql-type.ts';
import type { StageEnv } from '../segment-code.ts';

interface KeyCode {
  readonly outerKey: BoundExpr;
  /** State offsets. */
  readonly hasLast: number;
  readonly last: number;
  readonly lastText: number;
}

/** In locals, and in the state between two calls. */
export class LastKey {
  private readonly value;
  private readonly there: number;
  constructor(
    private readonly env: StageEnv,
    private readonly j: KeyCode,
  ) {
    const key = env.fb;
    this.there = key.local('i32');
    this.value = typedVariable(env, j);
  }
  load(): void {
    const { env, j } = this;
    const { fb } = env;
    const { variable } = this.value;
    env.getState(j.hasLast);
    fb.set(this.there);
    fb.get(env.ctx);
    fb.mem(LOAD[variable.phys], j.last);
    fb.set(variable.low);
    if (variable.high < 0) return;
    fb.get(env.ctx);
    fb.mem('i64_load', j.last + 8);
    fb.set(variable.high);
  }
  save(): void {
    const { env, j } = this;
    const { fb } = env;
    const { variable } = this.value;
    env.setState(j.hasLast, () => fb.get(this.there));
    if (variable.phys === 'str') {
      fb.get(this.there);
      fb.if_(() => this.saveText());
      return;
    }
    fb.get(env.ctx);
    fb.get(variable.low);
    fb.mem(STORE[variable.phys], j.last);
    if (variable.high < 0) return;
    fb.get(env.ctx);
    fb.get(variable.high);
    fb.mem('i64_store', j.last + 8);
  }
  /** The outer batch may go: the text is copied. */
  private saveText(): void {
    const { env, j } = this;
    const { fb } = env;
    const { low } = this.value.variable;
    const to = fb.local('i32');
    fb.get(env.ctx);
    fb.i32_const(j.lastText);
    fb.do('i32_add');
    fb.tee(to);
    fb.get(low);
    fb.do('i32_wrap_i64');
    fb.get(low);
    fb.i64_const(32n);
    fb.do('i64_shr_u', 'i32_wrap_i64');
    fb.memory_copy();
    fb.get(low);
    fb.i64_const(-0x100000000n);
    fb.do('i64_and');
    fb.get(to);
    fb.do('i64_extend_i32_u', 'i64_or');
    fb.set(low);
    fb.get(env.ctx);
    fb.get(low);
    fb.mem('i64_store', j.last);
  }
  ifThere(body: (last: TypedValue) => void): void {
    this.env.fb.get(this.there);
    this.env.when(() => body(this.value.typed));
  }
  set(key: TypedValue): void {
    this.env.fb.i32_const(1);
    this.env.fb.set(this.there);
    this.value.variable.assign({ ...key, pushNull: undefined });
  }
}
function typedVariable(env: StageEnv, j: KeyCode) {
  const variable = env.variable(physOf(j.outerKey.type), false);
  return { variable, typed: typedValue(env, j.outerKey.type, variable) };
}
