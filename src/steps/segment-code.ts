/**
 * Code generation of one segment: state memory, row sets, stages, the driver.
 *
 * A segment becomes a module with one exported `run(state, budget)` that returns a Status and may be called again at
 * any time; everything between two calls is in the state. Inside, the segment is a chain of STAGES. Stage 0 is the
 * source with the filters right behind it; every join begins a new stage, because it may give more rows than it took;
 * the sink is part of the last one. Between stages stands a ROW SET of at most BATCH_ROWS rows: a selection of base
 * rows (column vectors) and one tuple address per joined side. Nothing is copied on the way: a column is read where it
 * lies, projections are expressions evaluated where they are used.
 *
 * `run` always works on the deepest stage that has rows, so a stage's output is empty when it starts. Nothing between
 * stages lies in scratch: a stage begins with an empty stack, and every row gives back what it took. Each stage exists
 * in two variants: general, and fast (no NULLs in the base columns, numeric arithmetic proven to fit 64 bits); the host
 * picks one per row group.
 */
import type { Steps } from '../common/steps.ts';
import { assert } from '../common/assert.ts';
import { BATCH_ROWS } from '../common/limits.ts';
import type { ColId } from '../common/ids.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import {
  CodeEnv,
  CodeVariable,
  typedValue,
  WASM_TYPE,
  type CodeValue,
  type TypedValue,
} from '../expressions/code-env.ts';
import { compileExpr } from '../expressions/compile.ts';
import { ExprKeys } from '../expressions/expr-keys.ts';
import type { ScalarFunction } from '../functions/define.ts';
import { INT4, LOAD, mayBeLong, PHYS_BYTES, physOf, STORE, type Phys, type SqlType } from '../types/sql-type.ts';
import { FunctionBuilder, ModuleBuilder, type Label, type ValType } from '../wasm/assembler.ts';
import { CTX } from '../wasm/memory-map.ts';
import type { TupleField } from '../types/tuple-layout.ts';
import type { SegmentLayout } from './segment-layout.ts';
import type { MergeLayout } from './mjoin/state.ts';
import type { WindowedLayout } from './window/state.ts';

export type { SegmentLayout };

/** HELP: the sink's store asks the host for something (STORE.HELP) before the next row. */
export const STATUS = { DONE: 0, NEED_INPUT: 1, OUTPUT_FULL: 2, YIELD: 3, ERROR: 4, HELP: 5 } as const;
/** What a stage gives to go on. */
export const CONTINUE = -1;
/** Bytes of one slot of the parameter block: low, high, null flag. */
export const PARAM_BYTES = 24;
/** What is longer begins at a line of its own. */
const CACHE_LINE = 64;

/** Fixed fields of the state behind the context; the host reads and writes them. */
export const STATE = {
  VARIANT: CTX.BYTES, // 1 = fast
  SOURCE_DONE: CTX.BYTES + 4, // set by the host when no input will come any more
  STOP: CTX.BYTES + 8, // set by a limit step: no more rows wanted
  INPUT_ROWS: CTX.BYTES + 12, // rows of the current input (group or frame)
  INPUT_POSITION: CTX.BYTES + 16, // rows of it consumed
  INPUT_ADDRESS: CTX.BYTES + 20, // frame: first tuple; worktable: pointer array or first tuple
  INVISIBLE: CTX.BYTES + 24, // group: byte mask or 0
  INPUT_END: CTX.BYTES + 28, // frame: end address for string offsets
  GROUP_ID: CTX.BYTES + 32, // i64: row address base of the group
  SCRATCH_EMPTY: CTX.BYTES + 40, // i64: scratch position of the empty stack
  INPUT_POINTERS: CTX.BYTES + 48, // 1: INPUT_ADDRESS is an array of tuple addresses
  ROW_FILTERED: CTX.BYTES + 52, // 1: the scan has asked a join's filter
  BATCH_LIMIT: CTX.BYTES + 56, // rows of the next batch at most, in segments that call spatial functions
  END: CTX.BYTES + 64,
} as const;

export interface RowSet {
  /** State offsets: row count and next row. */
  readonly count: number;
  readonly cursor: number;
  /** State offset of u32[BATCH_ROWS] base row numbers, -1 when rows have no base vectors. */
  readonly selection: number;
  /** State offsets of u32[BATCH_ROWS] tuple addresses. */
  readonly tuples: number[];
}
export type ColumnAccess =
  | {
      readonly kind: 'vector';
      readonly type: SqlType;
      readonly values: number;
      readonly nulls: number;
      readonly phys: Phys;
      readonly scanIndex: number;
      readonly nullable: boolean;
    }
  | { readonly kind: 'tuple'; readonly slot: number; readonly field: TupleField; readonly alwaysNullable: boolean }
  /** The tuple slot holds the number of the row in vectors of the inner side, whatever the variant. */
  | {
      readonly kind: 'numbered';
      readonly slot: number;
      readonly type: SqlType;
      readonly values: number;
      readonly nulls: number;
      readonly phys: Phys;
      readonly nullable: boolean;
    }
  /** The tuple slot holds the value itself. */
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'expr'; readonly expr: BoundExpr };

export class SegmentCode {
  readonly mb = new ModuleBuilder();
  private size: number = STATE.END;
  readonly parameters: number;
  readonly counters: number;
  readonly stores: Record<number, number> = {};
  readonly lists: number[] = [];
  readonly tables: number[] = [];
  readonly limits: number[] = [];
  chunkFields = 0;
  staging = 0;
  output = 0;
  deletes = 0;
  windowed: WindowedLayout | undefined;
  merge: MergeLayout | undefined;
  readonly nullRows: number[] = [];
  readonly keys = new ExprKeys();
  /** A row may take long: the host says how many come at a time. */
  callsSpatial = false;
  /** Functions that are called already and not emitted yet. */
  readonly later: (() => void)[] = [];
  vectors: { values: number; nulls: number }[] = [];

  constructor(
    readonly parameterCount: number,
    stepCount: number,
    readonly functions: (name: string) => ScalarFunction | undefined,
  ) {
    this.parameters = this.allocate(parameterCount * PARAM_BYTES, 8);
    this.counters = this.allocate(stepCount * 8, 8);
  }
  /** A step per function. */
  *emitLater(): Steps<void> {
    for (let next = this.later.pop(); next !== undefined; next = this.later.pop()) {
      next();
      yield;
    }
  }
  /** Reserves state memory; the same in both variants because it is asked for before code is emitted. */
  allocate(bytes: number, align = bytes >= CACHE_LINE ? CACHE_LINE : 8): number {
    this.size = Math.ceil(this.size / align) * align;
    const at = this.size;
    this.size += bytes;
    return at;
  }
  rowSet(withSelection: boolean, tuples: number): RowSet {
    return {
      count: this.allocate(4, 4),
      cursor: this.allocate(4, 4),
      selection: withSelection ? this.allocate(BATCH_ROWS * 4) : -1,
      tuples: Array.from({ length: tuples }, () => this.allocate(BATCH_ROWS * 4)),
    };
  }
  /** One more tuple address per row of a row set. */
  addSlot(rows: RowSet): void {
    rows.tuples.push(this.allocate(BATCH_ROWS * 4));
  }
  /** State offset of the address of a value list. */
  listField(list: number): number {
    return (this.lists[list] ??= this.allocate(4, 4));
  }
  tableField(table: number): number {
    return (this.tables[table] ??= this.allocate(4, 4));
  }
  storeField(store: number): number {
    return (this.stores[store] ??= this.allocate(4, 4));
  }
  layout(): SegmentLayout {
    return {
      stateBytes: Math.ceil(this.size / 8) * 8,
      parameters: this.parameters,
      chunkFields: this.chunkFields,
      counters: this.counters,
      stores: this.stores,
      lists: this.lists,
      tables: this.tables,
      staging: this.staging,
      vectors: this.vectors,
      limits: this.limits,
      output: this.output,
      deletes: this.deletes,
      windowed: this.windowed,
      merge: this.merge,
      nullRows: this.nullRows,
      callsSpatial: this.callsSpatial,
    };
  }
}

/** Signature of a part of a stage, and how it is left on an error: results that nobody reads. */
export interface Part {
  readonly params: readonly ValType[];
  readonly results: ValType[];
  failed: Label | undefined;
  fails: boolean;
}

export function emitPart(part: Part, { fb }: StageEnv, body: () => void): void {
  fb.block((failed) => {
    part.failed = failed;
    body();
    fb.return_();
  });
  for (const type of part.results) fb.zero(type);
}

/** Turns the string on the stack into 1 when it is a reference to a long value. */
export function pushIsReference(fb: FunctionBuilder): void {
  fb.do('i32_wrap_i64');
  fb.i32_const(0);
  fb.do('i32_lt_s');
}

/** A value as a row keeps it. */
export const keptAs = (value: TypedValue): TypedValue =>
  mayBeLong(value.type) ? { ...value, mayRefer: true } : value;

/** The int4 in a local, never NULL. */
const numberIn = (env: StageEnv, local: number): TypedValue =>
  typedValue(env, INT4, { phys: 'i32', pushNull: undefined, push: () => env.fb.get(local) });

/** The WebAssembly locals of an argument of a function of users, in their order. */
const localsOf = ({ phys, low, high, nullLocal }: CodeVariable): readonly { local: number; type: ValType }[] => [
  { local: low, type: WASM_TYPE[phys] },
  ...(high >= 0 ? [{ local: high, type: WASM_TYPE.i64 }] : []),
  ...(nullLocal >= 0 ? [{ local: nullLocal, type: WASM_TYPE.i32 }] : []),
];

/** One stage function being emitted, in one variant: also the environment of the expressions in it. */
export class StageEnv extends CodeEnv {
  readonly fb: FunctionBuilder;
  readonly mb: ModuleBuilder;
  /** The state is the context. */
  readonly ctx = 0;
  private columns: ReadonlyMap<ColId, ColumnAccess>;
  private readonly caches: Map<string, CodeValue>[] = [new Map()];
  private readonly parameterValues = new Map<number, TypedValue>();
  private rowLocal = -1;
  private tupleLocals: number[] = [];

  constructor(
    readonly code: SegmentCode,
    name: string,
    readonly fast: boolean,
    columns: ReadonlyMap<ColId, ColumnAccess>,
    readonly narrow = fast,
    /** Of a function that a stage's function calls for a part of its work. */
    private readonly part?: Part,
  ) {
    super();
    this.mb = code.mb;
    this.columns = columns;
    const { params, results } = part ?? { params: [WASM_TYPE.i32], results: [WASM_TYPE.i32] };
    this.fb = code.mb.function(`${name}${fast ? '_fast' : ''}`, params, results);
  }
  apart(given: readonly number[], body: (inner: this, given: readonly number[]) => readonly ValType[]): void {
    const { part, inner, args, inside } = this.partOver(given, []);
    emitPart(part, inner, () => void part.results.push(...body(inner as this, inside)));
    this.usesScratch ||= inner.usesScratch;
    this.usesLong ||= inner.usesLong;
    this.callPart(inner, args);
    if (part.fails) this.checkError();
  }
  apartLater(
    given: readonly number[],
    results: readonly ValType[],
    body: (inner: this, given: readonly number[]) => void,
  ): void {
    const { part, inner, args, inside } = this.partOver(given, [...results]);
    this.code.later.push(() => emitPart(part, inner, () => body(inner as this, inside)));
    // What is not emitted yet may do all of it.
    this.usesScratch = this.usesLong = true;
    this.callPart(inner, args);
    this.checkError();
  }
  /** A function over the same row, to be emitted; `inside` are the locals `given` there. */
  private partOver(given: readonly number[], results: ValType[]) {
    const row = this.rowLocal >= 0 ? [this.rowLocal] : [];
    const tables = [...this.tableRows];
    const words = [this.ctx, ...row, ...this.tupleLocals, ...tables.flatMap(([, t]) => [t.table, t.row]), ...given];
    const lets = [...this.locals].flatMap(([, { variable }]) => localsOf(variable));
    const args = [...words, ...lets.map((l) => l.local)];
    const params = [...words.map(() => WASM_TYPE.i32), ...lets.map((l) => l.type)];
    const part: Part = { params, results, failed: undefined, fails: false };
    const name = `${this.fb.ref.name}_part`;
    const inner = new StageEnv(this.code, name, this.fast, this.columns, this.narrow, part);
    inner.literalCount = this.literalCount;
    inner.inPair = this.inPair;
    const firstTuple = 1 + row.length;
    const firstTable = firstTuple + this.tupleLocals.length;
    inner.beginRow(
      row.length > 0 ? 1 : -1,
      this.tupleLocals.map((_, i) => firstTuple + i),
    );
    for (const [i, [n]] of tables.entries())
      inner.tableRows.set(n, { table: firstTable + 2 * i, row: firstTable + 2 * i + 1 });
    const firstGiven = firstTable + 2 * tables.length;
    let next = words.length;
    for (const [id, { type, variable }] of this.locals) {
      const at = {
        low: next++,
        high: variable.high < 0 ? -1 : next++,
        nullLocal: variable.nullLocal < 0 ? -1 : next++,
      };
      const { phys, nullLocal } = variable;
      inner.locals.set(id, { type, variable: new CodeVariable(inner.fb, phys, nullLocal >= 0, false, at) });
    }
    return { part, inner, args, inside: given.map((_, i) => firstGiven + i) };
  }
  private callPart(inner: StageEnv, args: readonly number[]): void {
    for (const local of args) this.fb.get(local);
    this.fb.call(inner.fb.ref);
  }
  withColumns(columns: ReadonlyMap<ColId, ColumnAccess>): void {
    this.columns = columns;
  }
  /** Begins the code of one row: base row number and tuple addresses are in these locals. */
  beginRow(rowLocal: number, tupleLocals: readonly number[]): void {
    this.rowLocal = rowLocal;
    this.tupleLocals = [...tupleLocals];
    this.caches.splice(0, this.caches.length, new Map());
  }
  addTuple(local: number): void {
    this.tupleLocals.push(local);
  }
  tupleLocal(slot: number): number {
    return this.tupleLocals[slot]!;
  }
  get row(): number {
    return this.rowLocal;
  }
  enter(): void {
    this.caches.push(new Map());
  }
  leave(): void {
    this.caches.pop();
  }
  /** A key is only ever made with one kind of value. */
  private cached<V extends CodeValue>(key: string, make: () => V): V {
    for (const c of this.caches) {
      const hit = c.get(key);
      if (hit) return hit as V;
    }
    const value = make();
    this.caches[this.caches.length - 1]!.set(key, value);
    return value;
  }
  override memo<V extends CodeValue>(expr: BoundExpr, make: () => V): V {
    return this.cached(`e${this.code.keys.of(expr)}`, make);
  }
  column(id: ColId): TypedValue {
    const access = this.access(id);
    return this.cached(`c${id}`, () => {
      if (access.kind === 'expr') return this.settle(compileExpr(this, access.expr));
      if (access.kind === 'slot') return numberIn(this, this.tupleLocals[access.slot]!);
      if (access.kind === 'numbered') return this.loadVector(access, this.tupleLocals[access.slot]!, access.nullable);
      return access.kind === 'vector'
        ? this.loadVector(access, this.rowLocal, access.nullable && !this.fast)
        : this.loadField(access);
    });
  }
  private access(id: ColId): ColumnAccess {
    const access = this.columns.get(id);
    assert(access, `column ${id} is not available here`);
    return access;
  }
  override kept(id: ColId): TypedValue {
    const access = this.access(id);
    if (access.kind === 'expr' && access.expr.kind === 'column') return this.kept(access.expr.id);
    if (access.kind !== 'tuple' || !mayBeLong(access.field.type)) return this.column(id);
    return this.cached(`k${id}`, () => this.keptField(this.tupleLocals[access.slot]!, access.field));
  }
  private loadVector(
    a: Extract<ColumnAccess, { kind: 'vector' | 'numbered' }>,
    row: number,
    nullable: boolean,
  ): TypedValue {
    const { fb } = this;
    const width = PHYS_BYTES[a.phys];
    const address = (): void => {
      fb.get(this.ctx);
      fb.get(row);
      if (width > 1) {
        fb.i32_const(Math.log2(width));
        fb.do('i32_shl');
      }
      fb.do('i32_add');
    };
    const v = this.variable(a.phys, nullable);
    address();
    fb.mem(LOAD[a.phys], a.values);
    fb.set(v.low);
    if (a.phys === 'i128') {
      address();
      fb.mem('i64_load', a.values + 8);
      fb.set(v.high);
    }
    if (nullable) {
      fb.get(this.ctx);
      fb.get(row);
      fb.do('i32_add');
      fb.mem('i32_load8_u', a.nulls);
      fb.set(v.nullLocal);
    }
    return typedValue(this, a.type, v);
  }
  private loadField(a: Extract<ColumnAccess, { kind: 'tuple' }>): TypedValue {
    return this.field(this.tupleLocals[a.slot]!, a.field);
  }
  /** Value of a tuple's field; the tuple's address is in `local`. */
  field(local: number, field: TupleField): TypedValue {
    return this.fetched(this.keptField(local, field));
  }
  /** A value whose bytes can be looked at, of one that a row keeps. */
  fetched(kept: TypedValue): TypedValue {
    if (!kept.mayRefer) return kept;
    const { fb } = this;
    const value = fb.local('i64');
    kept.push();
    fb.tee(value);
    pushIsReference(fb);
    fb.if_(() => {
      const fetch = (): void => {
        fb.get(this.ctx);
        fb.get(value);
        fb.i32_const(this.inPair ? 1 : 0);
        fb.call(this.mb.import('env', 'long_fetch', ['i32', 'i64', 'i32'], ['i64']));
        fb.set(value);
        this.checkError();
      };
      if (kept.pushNull === undefined) return fetch();
      kept.pushNull();
      fb.if_(() => (fb.i64_const(0n), fb.set(value)), fetch);
    });
    this.usesLong = true;
    const { type, phys, pushNull, push } = kept;
    return { type, phys, pushNull, push: () => fb.get(value), pushKept: push };
  }
  /** Set by code that has long values fetched: whoever is done with a row, or a pair of it, counts. */
  usesLong = false;
  /** What is fetched here goes when the pair is done with, not the row. */
  inPair = false;
  /** The row is done with (or a pair of it): what was fetched for it may go. */
  endLong(field: typeof CTX.LONG_ROW | typeof CTX.LONG_PAIR): void {
    if (!this.usesLong) return;
    this.count32(field, () => this.fb.i32_const(1));
  }
  /** The same as the tuple has it: perhaps a reference, for who keeps it again or only asks whether it is NULL. */
  keptField(local: number, field: TupleField): TypedValue {
    const { fb } = this;
    const v = this.variable(field.phys, field.nullOffset >= 0);
    fb.get(local);
    fb.mem(LOAD[field.phys], field.offset);
    fb.set(v.low);
    if (field.phys === 'i128') {
      fb.get(local);
      fb.mem('i64_load', field.offset + 8);
      fb.set(v.high);
    }
    if (field.nullOffset >= 0) {
      fb.get(local);
      fb.mem('i32_load8_u', field.nullOffset);
      fb.set(v.nullLocal);
    }
    return keptAs(typedValue(this, field.type, v));
  }
  /** Stores a value as a tuple's field. Strings must already lie where the tuple may point to. */
  storeField(local: number, field: TupleField, value: CodeValue): void {
    const { fb } = this;
    if (field.nullOffset >= 0) {
      fb.get(local);
      if (value.pushNull) value.pushNull();
      else fb.i32_const(0);
      fb.mem('i32_store8', field.nullOffset);
    }
    fb.get(local);
    this.pushAs(value, field.phys);
    fb.mem(STORE[field.phys], field.offset);
    if (field.phys === 'i128') {
      fb.get(local);
      this.pushHigh(value);
      fb.mem('i64_store', field.offset + 8);
    }
  }
  /** Pushes a value in the wanted physical form (low word of an i128). A wide value never loses its high word here. */
  pushAs(value: CodeValue, phys: Phys): void {
    value.push();
    if (value.phys === phys) return;
    if (value.phys === 'i64' && phys === 'i128') return;
    if (value.phys === 'i32' && (phys === 'i64' || phys === 'i128')) this.fb.do('i64_extend_i32_s');
    else if (value.phys === 'f32' && phys === 'f64') this.fb.do('f64_promote_f32');
    else assert(false, `value of ${value.phys} wanted as ${phys}`);
  }
  pushHigh(value: CodeValue): void {
    if (value.pushHi) return value.pushHi();
    this.pushAs(value, 'i64');
    this.fb.i64_const(63n);
    this.fb.do('i64_shr_s');
  }
  parameter(slot: number, type: SqlType): TypedValue {
    const known = this.parameterValues.get(slot);
    // A text may stand beside columns of either collation.
    if (known) return known.type.collation === type.collation ? known : typedValue(this, type, known);
    const { fb } = this;
    const phys = physOf(type);
    const at = this.code.parameters + slot * PARAM_BYTES;
    const v = this.variable(phys, true);
    fb.prologue(() => {
      fb.get(this.ctx);
      fb.mem(LOAD[phys], at);
      fb.set(v.low);
      if (v.high >= 0) {
        fb.get(this.ctx);
        fb.mem('i64_load', at + 8);
        fb.set(v.high);
      }
      fb.get(this.ctx);
      fb.mem('i32_load', at + 16);
      fb.set(v.nullLocal);
    });
    // Slots of literals are never NULL; real parameters may be.
    const given = typedValue(this, type, v);
    const value = slot < this.literalCount ? { ...given, pushNull: undefined } : given;
    this.parameterValues.set(slot, value);
    return value;
  }
  valueList(list: number): number {
    return this.addressIn(this.code.listField(list));
  }
  valueTable(table: number): number {
    return this.addressIn(this.code.tableField(table));
  }
  /** Local with the address in a field of the state. */
  private addressIn(field: number): number {
    const { fb } = this;
    const local = fb.local('i32');
    fb.prologue(() => {
      this.getState(field);
      fb.set(local);
    });
    return local;
  }
  /** Literals have been replaced by negative parameter indices: -1 is slot 0. */
  literalCount = 0;
  literalSlot(type: SqlType): number {
    throw assert(false, `a literal of ${type.name} reached code generation`);
  }
  paramSlot(_type: SqlType, index: number): number {
    return index < 0 ? -1 - index : this.literalCount + index;
  }
  functionByName(name: string): ScalarFunction | undefined {
    return this.code.functions(name);
  }
  protected leaveFunction(): void {
    if (this.part) {
      this.part.fails = true;
      return this.fb.br(this.part.failed!);
    }
    this.fb.i32_const(STATUS.ERROR);
    this.fb.return_();
  }
  /** i32 state field access. */
  getState(offset: number): void {
    this.fb.get(this.ctx);
    this.fb.mem('i32_load', offset);
  }
  setState(offset: number, push: () => void): void {
    this.fb.get(this.ctx);
    push();
    this.fb.mem('i32_store', offset);
  }
  /** counters[step] += the i32 that `push` leaves on the stack; -= with `back`. */
  count(step: number, push: () => void, back = false): void {
    const { fb } = this;
    fb.get(this.ctx);
    fb.get(this.ctx);
    fb.mem('i64_load', this.code.counters + step * 8);
    push();
    fb.do('i64_extend_i32_u', back ? 'i64_sub' : 'i64_add');
    fb.mem('i64_store', this.code.counters + step * 8);
  }
  /** The i32 field of the state += what `push` leaves. */
  count32(offset: number, push: () => void): void {
    this.setState(offset, () => {
      this.getState(offset);
      push();
      this.fb.do('i32_add');
    });
  }
  /** Address of element `index local` of a u32 array in the state, for load/store with `offset`. */
  element(index: number): void {
    const { fb } = this;
    fb.get(this.ctx);
    fb.get(index);
    fb.i32_const(2);
    fb.do('i32_shl', 'i32_add');
  }
}
