/**
 * A small WebAssembly binary encoder. A ModuleBuilder collects imports, functions and exports; a FunctionBuilder
 * appends instructions straight into bytes. No validation, no tree, no optimisation: V8 does that. Multi-byte
 * immediates are LEB128. Emitting a function of a few thousand instructions takes well under a millisecond.
 *
 * Instruction names follow the text format with dots turned into underscores (i32_add, i64_load8_u ...), so that a
 * reader of WAT finds them; the simple ones come from the OPS table at the end.
 */
import { assert } from '../common/assert.ts';

export type ValType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
const VAL: Readonly<Record<ValType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Growable byte buffer with LEB128 writers. */
export class Bytes {
  private buffer = new Uint8Array(256);
  length = 0;

  private reserve(n: number): void {
    if (this.length + n <= this.buffer.length) return;
    const next = new Uint8Array(Math.max(this.buffer.length * 2, this.length + n));
    next.set(this.buffer.subarray(0, this.length));
    this.buffer = next;
  }
  byte(b: number): void {
    this.reserve(1);
    this.buffer[this.length++] = b;
  }
  bytes(b: Uint8Array): void {
    this.reserve(b.length);
    this.buffer.set(b, this.length);
    this.length += b.length;
  }
  u32(value: number): void {
    let v = value >>> 0;
    do {
      const b = v & 0x7f;
      v >>>= 7;
      this.byte(v === 0 ? b : b | 0x80);
    } while (v !== 0);
  }
  i32(value: number): void {
    let v = value | 0;
    for (;;) {
      const b = v & 0x7f;
      v >>= 7;
      if ((v === 0 && (b & 0x40) === 0) || (v === -1 && (b & 0x40) !== 0)) return this.byte(b);
      this.byte(b | 0x80);
    }
  }
  i64(value: bigint): void {
    let v = BigInt.asIntN(64, value);
    for (;;) {
      const b = Number(v & 0x7fn);
      v >>= 7n;
      if ((v === 0n && (b & 0x40) === 0) || (v === -1n && (b & 0x40) !== 0)) return this.byte(b);
      this.byte(b | 0x80);
    }
  }
  f64(value: number): void {
    this.bytes(new Uint8Array(new Float64Array([value]).buffer));
  }
  f32(value: number): void {
    this.bytes(new Uint8Array(new Float32Array([value]).buffer));
  }
  name(text: string): void {
    const b = new TextEncoder().encode(text);
    this.u32(b.length);
    this.bytes(b);
  }
  section(id: number, body: Bytes): void {
    this.byte(id);
    this.u32(body.length);
    this.bytes(body.take());
  }
  take(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }
}

export interface FunctionRef {
  readonly name: string;
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
  /** Index among all functions; imports come first, so it is fixed once the first body is begun. */
  index: number;
}

export class ModuleBuilder {
  private readonly imports: { ref: FunctionRef; module: string }[] = [];
  private readonly importByName = new Map<string, FunctionRef>();
  private readonly functions: FunctionBuilder[] = [];
  private readonly exports: FunctionRef[] = [];

  /** Declares (once) an imported function; safe at any time: indices are resolved when the module is finished. */
  import(module: string, name: string, params: readonly ValType[], results: readonly ValType[]): FunctionRef {
    const key = `${module}.${name}`;
    const known = this.importByName.get(key);
    if (known) return known;
    const ref: FunctionRef = { name, params, results, index: -1 };
    this.importByName.set(key, ref);
    this.imports.push({ ref, module });
    return ref;
  }
  function(name: string, params: readonly ValType[], results: readonly ValType[], exported = false): FunctionBuilder {
    const fb = new FunctionBuilder({ name, params, results, index: -1 });
    this.functions.push(fb);
    if (exported) this.exports.push(fb.ref);
    return fb;
  }
  importNames(): readonly string[] {
    return [...this.importByName.keys()];
  }
  /** The module's bytes. Memory is imported as env.memory: shared, any minimum, at most 65536 pages. */
  finish(): Uint8Array {
    let index = 0;
    for (const i of this.imports) i.ref.index = index++;
    for (const f of this.functions) f.ref.index = index++;
    const types = new Map<string, number>();
    const typeSection = new Bytes();
    const typeOf = (ref: FunctionRef): number => {
      const key = `${ref.params.join()}>${ref.results.join()}`;
      let t = types.get(key);
      if (t === undefined) {
        t = types.size;
        types.set(key, t);
        typeSection.byte(0x60);
        typeSection.u32(ref.params.length);
        for (const p of ref.params) typeSection.byte(VAL[p]);
        typeSection.u32(ref.results.length);
        for (const r of ref.results) typeSection.byte(VAL[r]);
      }
      return t;
    };
    const importSection = new Bytes();
    importSection.u32(this.imports.length + 1);
    for (const { ref, module } of this.imports) {
      importSection.name(module);
      importSection.name(ref.name);
      importSection.byte(0);
      importSection.u32(typeOf(ref));
    }
    importSection.name('env');
    importSection.name('memory');
    importSection.byte(2);
    importSection.byte(3); // shared, with maximum
    importSection.u32(1);
    importSection.u32(65536);
    const functionSection = new Bytes();
    functionSection.u32(this.functions.length);
    for (const f of this.functions) functionSection.u32(typeOf(f.ref));
    const exportSection = new Bytes();
    exportSection.u32(this.exports.length);
    for (const e of this.exports) {
      exportSection.name(e.name);
      exportSection.byte(0);
      exportSection.u32(e.index);
    }
    const codeSection = new Bytes();
    codeSection.u32(this.functions.length);
    for (const f of this.functions) {
      const body = f.finish();
      codeSection.u32(body.length);
      codeSection.bytes(body);
    }
    const types2 = new Bytes();
    types2.u32(types.size);
    types2.bytes(typeSection.take());
    const out = new Bytes();
    out.bytes(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    out.section(1, types2);
    out.section(2, importSection);
    out.section(3, functionSection);
    out.section(7, exportSection);
    out.section(10, codeSection);
    return out.take().slice();
  }
}

/** A label of an open block; `depth` is the nesting level at which it was opened. */
export interface Label {
  readonly depth: number;
}

/**
 * One function body. Calls to other functions are recorded as patches, because indices are only known at the end.
 */
export class FunctionBuilder {
  private parts: (Bytes | FunctionRef)[] = [];
  private code = new Bytes();
  private readonly locals: ValType[] = [];
  private depth = 0;
  private prologueParts: (Bytes | FunctionRef)[] = [];
  private prologueCode = new Bytes();

  constructor(readonly ref: FunctionRef) {}

  /** A fresh local, zero at function entry (not at each loop round). */
  local(type: ValType): number {
    this.locals.push(type);
    return this.ref.params.length + this.locals.length - 1;
  }
  /** Emits into the function's beginning (straight-line code at depth 0), whatever is being emitted now. */
  prologue(body: () => void): void {
    const swap = (): void => {
      [this.parts, this.prologueParts] = [this.prologueParts, this.parts];
      [this.code, this.prologueCode] = [this.prologueCode, this.code];
    };
    const depth = this.depth;
    this.depth = 0;
    swap();
    body();
    swap();
    this.depth = depth;
  }
  op(...bytes: number[]): void {
    for (const b of bytes) this.code.byte(b);
  }
  i32_const(v: number): void {
    this.code.byte(0x41);
    this.code.i32(v);
  }
  i64_const(v: bigint): void {
    this.code.byte(0x42);
    this.code.i64(v);
  }
  f32_const(v: number): void {
    this.code.byte(0x43);
    this.code.f32(v);
  }
  f64_const(v: number): void {
    this.code.byte(0x44);
    this.code.f64(v);
  }
  zero(type: ValType): void {
    if (type === 'i32') this.i32_const(0);
    else if (type === 'i64') this.i64_const(0n);
    else if (type === 'f32') this.f32_const(0);
    else if (type === 'f64') this.f64_const(0);
    else assert(false, `no constant of ${type}`);
  }
  get(local: number): void {
    this.code.byte(0x20);
    this.code.u32(local);
  }
  set(local: number): void {
    this.code.byte(0x21);
    this.code.u32(local);
  }
  tee(local: number): void {
    this.code.byte(0x22);
    this.code.u32(local);
  }
  call(ref: FunctionRef): void {
    this.code.byte(0x10);
    this.parts.push(this.code, ref);
    this.code = new Bytes();
  }
  drop(): void {
    this.code.byte(0x1a);
  }
  return_(): void {
    this.code.byte(0x0f);
  }
  /** Memory access: opcode and byte offset; the address is on the stack. Alignment hints are left at 0. */
  mem(op: keyof typeof MEMORY_OPS, offset: number): void {
    assert(offset >= 0, `negative offset ${offset}`);
    this.code.byte(MEMORY_OPS[op]);
    this.code.u32(0);
    this.code.u32(offset);
  }
  private open(op: number, result?: ValType): Label {
    this.code.byte(op);
    this.code.byte(result === undefined ? 0x40 : VAL[result]);
    return { depth: this.depth++ };
  }
  end(): void {
    this.depth--;
    this.code.byte(0x0b);
  }
  /** block ... end; branching to its label jumps behind it. */
  block(body: (label: Label) => void): void {
    body(this.open(0x02));
    this.end();
  }
  /** loop ... end; branching to its label starts the next round. */
  loop(body: (label: Label) => void): void {
    body(this.open(0x03));
    this.end();
  }
  /** Condition (i32) on the stack. */
  if_(then: () => void, otherwise?: () => void): void {
    this.open(0x04);
    then();
    if (otherwise) {
      this.code.byte(0x05);
      otherwise();
    }
    this.end();
  }
  br(label: Label): void {
    this.code.byte(0x0c);
    this.code.u32(this.depth - 1 - label.depth);
  }
  br_if(label: Label): void {
    this.code.byte(0x0d);
    this.code.u32(this.depth - 1 - label.depth);
  }
  select(): void {
    this.code.byte(0x1b);
  }
  memory_copy(): void {
    this.op(0xfc, 10, 0, 0);
  }
  memory_fill(): void {
    this.op(0xfc, 11, 0);
  }
  /** A simple instruction without immediates. */
  do(...names: (keyof typeof OPS)[]): void {
    for (const n of names) this.code.byte(OPS[n]);
  }
  finish(): Uint8Array {
    assert(this.depth === 0, `function ${this.ref.name}: ${this.depth} blocks left open`);
    const out = new Bytes();
    const runs: { type: ValType; count: number }[] = [];
    for (const type of this.locals) {
      const last = runs[runs.length - 1];
      if (last && last.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    out.u32(runs.length);
    for (const r of runs) {
      out.u32(r.count);
      out.byte(VAL[r.type]);
    }
    for (const part of [...this.prologueParts, this.prologueCode, ...this.parts, this.code]) {
      if (part instanceof Bytes) out.bytes(part.take());
      else out.u32(part.index);
    }
    out.byte(0x0b);
    return out.take();
  }
}

const MEMORY_OPS = {
  i32_load: 0x28,
  i64_load: 0x29,
  f32_load: 0x2a,
  f64_load: 0x2b,
  i32_load8_s: 0x2c,
  i32_load8_u: 0x2d,
  i32_load16_s: 0x2e,
  i32_load16_u: 0x2f,
  i64_load8_u: 0x31,
  i64_load32_s: 0x34,
  i64_load32_u: 0x35,
  i32_store: 0x36,
  i64_store: 0x37,
  f32_store: 0x38,
  f64_store: 0x39,
  i32_store8: 0x3a,
  i32_store16: 0x3b,
} as const;

export const OPS = {
  unreachable: 0x00,
  nop: 0x01,
  i32_eqz: 0x45,
  i32_eq: 0x46,
  i32_ne: 0x47,
  i32_lt_s: 0x48,
  i32_lt_u: 0x49,
  i32_gt_s: 0x4a,
  i32_gt_u: 0x4b,
  i32_le_s: 0x4c,
  i32_le_u: 0x4d,
  i32_ge_s: 0x4e,
  i32_ge_u: 0x4f,
  i64_eqz: 0x50,
  i64_eq: 0x51,
  i64_ne: 0x52,
  i64_lt_s: 0x53,
  i64_lt_u: 0x54,
  i64_gt_s: 0x55,
  i64_gt_u: 0x56,
  i64_le_s: 0x57,
  i64_le_u: 0x58,
  i64_ge_s: 0x59,
  i64_ge_u: 0x5a,
  f32_eq: 0x5b,
  f32_ne: 0x5c,
  f32_lt: 0x5d,
  f32_gt: 0x5e,
  f32_le: 0x5f,
  f32_ge: 0x60,
  f64_eq: 0x61,
  f64_ne: 0x62,
  f64_lt: 0x63,
  f64_gt: 0x64,
  f64_le: 0x65,
  f64_ge: 0x66,
  i32_clz: 0x67,
  i32_ctz: 0x68,
  i32_popcnt: 0x69,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_mul: 0x6c,
  i32_div_s: 0x6d,
  i32_div_u: 0x6e,
  i32_rem_s: 0x6f,
  i32_rem_u: 0x70,
  i32_and: 0x71,
  i32_or: 0x72,
  i32_xor: 0x73,
  i32_shl: 0x74,
  i32_shr_s: 0x75,
  i32_shr_u: 0x76,
  i32_rotl: 0x77,
  i32_rotr: 0x78,
  i64_clz: 0x79,
  i64_add: 0x7c,
  i64_sub: 0x7d,
  i64_mul: 0x7e,
  i64_div_s: 0x7f,
  i64_div_u: 0x80,
  i64_rem_s: 0x81,
  i64_rem_u: 0x82,
  i64_and: 0x83,
  i64_or: 0x84,
  i64_xor: 0x85,
  i64_shl: 0x86,
  i64_shr_s: 0x87,
  i64_shr_u: 0x88,
  i64_rotl: 0x89,
  f32_neg: 0x8c,
  f64_abs: 0x99,
  f64_neg: 0x9a,
  f64_ceil: 0x9b,
  f64_floor: 0x9c,
  f64_trunc: 0x9d,
  f64_nearest: 0x9e,
  f64_sqrt: 0x9f,
  f64_add: 0xa0,
  f64_sub: 0xa1,
  f64_mul: 0xa2,
  f64_div: 0xa3,
  i32_wrap_i64: 0xa7,
  i64_extend_i32_s: 0xac,
  i64_extend_i32_u: 0xad,
  f32_demote_f64: 0xb6,
  f64_convert_i32_s: 0xb7,
  f64_convert_i64_s: 0xb9,
  f64_promote_f32: 0xbb,
  i32_reinterpret_f32: 0xbc,
  i64_reinterpret_f64: 0xbd,
  f32_reinterpret_i32: 0xbe,
  f64_reinterpret_i64: 0xbf,
} as const;
