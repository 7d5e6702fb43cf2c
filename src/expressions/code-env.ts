/**
 * What emitting an expression needs from its surroundings, and the values it deals in. A CodeValue is held in locals
 * or constants, so it may be pushed any number of times; it is only valid in the block it was made in and inside it.
 */
import type { ColId } from '../common/ids.ts';
import { assert } from '../common/assert.ts';
import { SCRATCH_LEFT_BYTES } from '../common/limits.ts';
import { physOf, type Phys, type SqlType } from '../types/sql-type.ts';
import type { FunctionBuilder, FunctionRef, Label, ModuleBuilder, ValType } from '../wasm/assembler.ts';
import { CTX } from '../wasm/memory-map.ts';
import type { ScalarFunction } from '../functions/define.ts';
import type { BoundExpr } from './bound.ts';

/** The one error of runtime-errors.ts that is never a value's fault. */
const OUT_OF_MEMORY = 17;

/** A value in some physical form; what it means is known to its maker only. Results of expressions are TypedValues. */
export interface CodeValue {
  readonly phys: Phys;
  /** Pushes the value (low word of an i128). */
  readonly push: () => void;
  /** i128 only: pushes the high word. */
  readonly pushHi?: () => void;
  /**
   * i128 only: the high word is the sign of the low one (the narrow variant works in one word). A hint for quicker code
   * that gives the same result; never a reason for another one.
   */
  readonly fits64?: boolean;
  /** Pushes 1 when the value is NULL; undefined = never NULL. */
  readonly pushNull: (() => void) | undefined;
}

/**
 * A value of a SQL type, always in the type's own physical form (physOf): what hashing, comparing, keys and stores take.
 * `typedValue` is the only maker, so no place can choose by the form a value happens to have.
 */
export interface TypedValue extends CodeValue {
  readonly type: SqlType;
  /** Pushes the value as the row at hand keeps it, perhaps a reference (steps/long-values.ts); for who keeps it again. */
  readonly pushKept?: () => void;
  /** It is what a row keeps, perhaps a reference itself. */
  readonly mayRefer?: true;
}

/** The value in its type's own form. Widening is always right; anything else is a bug of the code generator. */
export function typedValue(env: CodeEnv, type: SqlType, value: CodeValue): TypedValue {
  const want = physOf(type);
  const { phys, push, pushNull } = value;
  const rest = { pushNull, type };
  if (phys === want) return typedAs(type, value);
  if (want === 'i128') return { ...widen128(env, value), type };
  const { fb } = env;
  if (want === 'i64' && phys === 'i32')
    return { ...rest, phys: want, push: () => (push(), fb.do('i64_extend_i32_s')) };
  if (want === 'f64' && phys === 'f32')
    return { ...rest, phys: want, push: () => (push(), fb.do('f64_promote_f32')) };
  throw assert(false, `a ${type.name} held as ${phys}`);
}

/** Field by field: this is made for every node of every expression. */
function typedAs(type: SqlType, value: CodeValue & Partial<TypedValue>): TypedValue {
  const { phys, push, pushHi, pushNull, fits64, pushKept, mayRefer } = value;
  if (mayRefer) return { type, phys, push, pushNull, mayRefer };
  if (pushKept !== undefined) return { type, phys, push, pushNull, pushKept };
  if (pushHi === undefined) return { type, phys, push, pushNull };
  return fits64 ? { type, phys, push, pushNull, pushHi, fits64 } : { type, phys, push, pushNull, pushHi };
}

/** An i128 view of an integer-like value. */
export function widen128(env: CodeEnv, v: CodeValue): CodeValue {
  if (v.phys === 'i128') return v;
  assert(v.phys === 'i32' || v.phys === 'i64', `${v.phys} as i128`);
  const { fb } = env;
  const low = fb.local('i64');
  v.push();
  if (v.phys === 'i32') fb.do('i64_extend_i32_s');
  fb.set(low);
  return { phys: 'i128', fits64: true, push: () => fb.get(low), pushHi: () => signOf(fb, low), pushNull: v.pushNull };
}
function signOf(fb: FunctionBuilder, low: number): void {
  fb.get(low);
  fb.i64_const(63n);
  fb.do('i64_shr_s');
}

export const WASM_TYPE: Readonly<Record<Phys, ValType>> = {
  i32: 'i32',
  i64: 'i64',
  f32: 'f32',
  f64: 'f64',
  i128: 'i64',
  str: 'i64',
};

/** An argument that is computed already. */
export interface LetLocal {
  readonly type: SqlType;
  readonly variable: CodeVariable;
}

/** Surroundings of the code being emitted: one stage function, one row. */
export abstract class CodeEnv {
  abstract readonly fb: FunctionBuilder;
  abstract readonly mb: ModuleBuilder;
  /** Local that holds the address of the execution context. */
  abstract readonly ctx: number;
  /** True when i128 arithmetic over narrow operands may be done in i64 (checked per row group). */
  abstract readonly narrow: boolean;
  abstract column(id: ColId): TypedValue;
  /** The column as the row keeps it, perhaps a reference: for who keeps it again, or only asks whether it is NULL. */
  kept(id: ColId): TypedValue {
    return this.column(id);
  }
  /** Literal or parameter slot `index` of the segment's parameter block. */
  abstract parameter(slot: number, type: SqlType): TypedValue;
  /** Slot that will hold this literal; equal shapes share code because literals never appear in it. */
  abstract literalSlot(type: SqlType, value: unknown): number;
  /** Slot of parameter $n+1. */
  abstract paramSlot(type: SqlType, index: number): number;
  abstract functionByName(name: string): ScalarFunction | undefined;
  /** Emits what leaves the function when an error was stored in the context. */
  protected abstract leaveFunction(): void;
  /** Where the attempt that is being emitted goes on when a value is refused. */
  private refusal: Label | undefined;
  /** The same, or what goes on with the attempt that this stands in. */
  leaveWithError(): void {
    if (this.refusal === undefined) this.leaveFunction();
    else this.fb.br(this.refusal);
  }
  /** Runs `body`; when it refuses a value, its error is forgotten, its scratch given back and `refused` run instead. */
  attempt(body: () => void, refused: () => void): void {
    const { fb } = this;
    assert(this.refusal === undefined, 'an attempt inside of another one');
    const mark = this.scratchMark();
    fb.block((done) => {
      fb.block((failed) => {
        this.refusal = failed;
        body();
        this.refusal = undefined;
        fb.br(done);
      });
      fb.get(this.ctx);
      fb.mem('i32_load', CTX.ERROR_CODE);
      fb.i32_const(OUT_OF_MEMORY);
      fb.do('i32_eq');
      fb.if_(() => this.leaveFunction());
      fb.get(this.ctx);
      fb.i32_const(0);
      fb.mem('i32_store', CTX.ERROR_CODE);
      this.releaseScratch(() => fb.get(mark));
      refused();
    });
  }
  /** The value of an expression computed before in this region, or made now. */
  memo<V extends CodeValue>(_expr: BoundExpr, make: () => V): V {
    return make();
  }
  /** Arguments of the functions of users that are being written out. */
  readonly locals = new Map<ColId, LetLocal>();
  localOf(id: ColId): TypedValue {
    const local = this.locals.get(id);
    assert(local !== undefined, `local ${id} is not set here`);
    return typedValue(this, local.type, local.variable);
  }
  /** Local with the address of the segment's value list `list` (types/value-list.ts). */
  abstract valueList(list: number): number;
  /** Local with the address of the segment's value table `table` (types/value-table.ts). */
  abstract valueTable(table: number): number;
  /** Locals of the tables whose rows are being walked: the table's address and the row's. */
  readonly tableRows = new Map<number, { readonly table: number; readonly row: number }>();
  /** Opens and closes a conditional region: values cached inside are not seen outside. */
  abstract enter(): void;
  abstract leave(): void;

  kernel(name: string, params: readonly ValType[], results: readonly ValType[]): FunctionRef {
    return this.mb.import('kernel', name, params, results);
  }
  /**
   * Emits `body` as a function of its own over the same row, with the i32 locals `given` as arguments, and calls it here:
   * the results of `body`, as it says, are then on the stack. Values made outside cannot be used inside.
   */
  abstract apart(given: readonly number[], body: (inner: this, given: readonly number[]) => readonly ValType[]): void;
  /** The same with results that are known beforehand: the body is emitted behind this function, in a step of its own. */
  abstract apartLater(
    given: readonly number[],
    results: readonly ValType[],
    body: (inner: this, given: readonly number[]) => void,
  ): void;
  /** Stores an error code (with no argument text) and leaves. */
  raise(code: number): void {
    const { fb } = this;
    fb.get(this.ctx);
    fb.i32_const(code);
    fb.mem('i32_store', CTX.ERROR_CODE);
    this.leaveWithError();
  }
  /** Set by code that leaves values in scratch: calls of kernels that return a text, and of host functions. */
  usesScratch = false;
  /** A local that holds the scratch position of here. */
  scratchMark(): number {
    const { fb } = this;
    const local = fb.local('i64');
    fb.get(this.ctx);
    fb.mem('i64_load', CTX.SCRATCH_CUR);
    fb.set(local);
    return local;
  }
  /** Emits `body` and, when it leaves anything in scratch, what takes the stack back to the marked position, or near it. */
  givingBack(marked: number, body: () => void): void {
    const before = this.usesScratch;
    this.usesScratch = false;
    body();
    if (this.usesScratch) this.releaseMuch(marked);
    this.usesScratch ||= before;
  }
  /** Takes the stack back when more than a little is behind the mark; in another region every distance is more, or waits. */
  private releaseMuch(marked: number): void {
    const { fb } = this;
    const release = (): void => this.releaseScratch(() => fb.get(marked));
    if (SCRATCH_LEFT_BYTES === 0) return release();
    fb.get(this.ctx);
    fb.mem('i32_load', CTX.SCRATCH_CUR);
    fb.get(marked);
    fb.do('i32_wrap_i64', 'i32_sub');
    fb.i32_const(SCRATCH_LEFT_BYTES);
    fb.do('i32_gt_u');
    fb.if_(release);
  }
  releaseScratch(position: () => void): void {
    this.fb.get(this.ctx);
    position();
    this.fb.call(this.kernel('release', ['i32', 'i64'], []));
  }
  /** After a kernel that may fail. */
  checkError(): void {
    const { fb } = this;
    fb.get(this.ctx);
    fb.mem('i32_load', CTX.ERROR_CODE);
    fb.if_(() => this.leaveWithError());
  }
  /** Runs `body` when the i32 on the stack is true, as a region of its own. */
  when(body: () => void, otherwise?: () => void): void {
    this.fb.if_(
      () => {
        this.enter();
        body();
        this.leave();
      },
      otherwise &&
        (() => {
          this.enter();
          otherwise();
          this.leave();
        }),
    );
  }

  /** A value in fresh locals, to be assigned on several paths. */
  variable(phys: Phys, nullable: boolean, fits64 = false): CodeVariable {
    return new CodeVariable(this.fb, phys, nullable, fits64);
  }
  constant(phys: Phys, value: number | bigint, isNull = false): CodeValue {
    const { fb } = this;
    const low = (): void => {
      if (phys === 'i32') fb.i32_const(Number(value));
      else if (phys === 'f64') fb.f64_const(Number(value));
      else if (phys === 'f32') fb.f32_const(Number(value));
      else fb.i64_const(BigInt(value));
    };
    const high = (): void => fb.i64_const(BigInt(value) >> 64n);
    return {
      phys,
      push: low,
      ...(phys === 'i128' ? { pushHi: high } : {}),
      ...(phys === 'i128' && BigInt.asIntN(64, BigInt(value)) === BigInt(value) ? { fits64: true } : {}),
      pushNull: isNull ? () => fb.i32_const(1) : undefined,
    };
  }
  /** The value in locals of its own, all of it. */
  held(value: TypedValue): CodeVariable {
    const variable = this.variable(value.phys, value.pushNull !== undefined);
    variable.assign(value);
    return variable;
  }
  /** Copies a value into locals (evaluating its pushes once). */
  settle(value: TypedValue): TypedValue {
    const v = this.variable(value.phys, value.pushNull !== undefined, value.fits64 === true);
    v.assign(value);
    const { type, pushKept, mayRefer } = value;
    const settled = typedValue(this, type, v);
    if (mayRefer) return { ...settled, mayRefer };
    return pushKept === undefined ? settled : { ...settled, pushKept };
  }
}

interface VariableLocals {
  readonly low: number;
  readonly high: number;
  readonly nullLocal: number;
}

/** A mutable value in locals. */
export class CodeVariable implements CodeValue {
  readonly low: number;
  readonly high: number;
  readonly nullLocal: number;
  readonly push: () => void;
  readonly pushHi?: () => void;
  readonly pushNull: (() => void) | undefined;

  /** fits64: an i128 whose high word is the sign of the low one; it has no local of its own. */
  constructor(
    private readonly fb: FunctionBuilder,
    readonly phys: Phys,
    nullable: boolean,
    readonly fits64 = false,
    /** Locals that hold it already. */
    at?: VariableLocals,
  ) {
    assert(!fits64 || phys === 'i128', 'fits64 is for i128');
    this.low = at?.low ?? fb.local(WASM_TYPE[phys]);
    this.high = phys === 'i128' && !fits64 ? (at?.high ?? fb.local('i64')) : -1;
    this.nullLocal = nullable ? (at?.nullLocal ?? fb.local('i32')) : -1;
    this.push = () => fb.get(this.low);
    if (phys === 'i128') this.pushHi = fits64 ? () => signOf(fb, this.low) : () => fb.get(this.high);
    this.pushNull = nullable ? () => fb.get(this.nullLocal) : undefined;
  }
  assign(value: CodeValue): void {
    const { fb } = this;
    assert(value.phys === this.phys, `assigning ${value.phys} to ${this.phys}`);
    assert(!this.fits64 || value.fits64 === true, 'a wide value into a narrow variable');
    value.push();
    fb.set(this.low);
    if (this.high >= 0) {
      value.pushHi!();
      fb.set(this.high);
    }
    if (this.nullLocal >= 0) {
      if (value.pushNull) value.pushNull();
      else fb.i32_const(0);
      fb.set(this.nullLocal);
    } else assert(value.pushNull === undefined, 'nullable value into a variable that cannot be NULL');
  }
  /** Sets NULL (value zero). */
  assignNull(): void {
    const { fb } = this;
    if (this.phys === 'i32') fb.i32_const(0);
    else if (this.phys === 'f64') fb.f64_const(0);
    else if (this.phys === 'f32') fb.f32_const(0);
    else fb.i64_const(0n);
    fb.set(this.low);
    if (this.high >= 0) {
      fb.i64_const(0n);
      fb.set(this.high);
    }
    fb.i32_const(1);
    fb.set(this.nullLocal);
  }
  setNull(pushFlag: () => void): void {
    pushFlag();
    this.fb.set(this.nullLocal);
  }
}
