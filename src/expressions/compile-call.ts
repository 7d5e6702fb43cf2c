/**
 * Function calls: a kernel (WebAssembly to WebAssembly), a spatial function (TypeScript on any participant) or a host function
 * (leader only, TypeScript). Strict functions are not called when an argument is NULL.
 */
import { assert } from '../common/assert.ts';
import type { BoundExpr } from './bound.ts';
import { WASM_TYPE, type CodeEnv, type CodeValue, type CodeVariable } from './code-env.ts';
import type { Compiler } from './compile.ts';
import { LOAD, physOf, STORE, type SqlType } from '../types/sql-type.ts';
import type { ValType } from '../wasm/assembler.ts';
import { CTX } from '../wasm/memory-map.ts';
import { anyNull, unlessNull } from './compile-literal.ts';

/** A host function's argument or result slot: low i64, high i64, null i32, padding. */
export const HOST_SLOT_BYTES = 24;

export function compileCall(env: CodeEnv, expr: Extract<BoundExpr, { kind: 'call' }>, compile: Compiler): CodeValue {
  const f = env.functionByName(expr.name);
  assert(f, `function ${expr.name} is not in the registry`);
  const args = expr.args.map((a) => compile(env, a));
  const kernel = f.signatures[expr.signature]?.kernel ?? f.kernel;
  const spatial = f.signatures[expr.signature]?.spatial ?? f.spatial;
  const strict = (f.nulls ?? 'strict') === 'strict';
  const mayBeNull = kernel === undefined || f.mayReturnNull === true || (strict && anyNull(env, args) !== undefined);
  const result = env.variable(physOf(expr.type), mayBeNull || !strict);
  if (result.nullLocal >= 0) result.assignNull();
  const run = (): void => {
    if (kernel !== undefined)
      callKernel(env, kernel, args, strict, result, f.mayFail === true, f.mayReturnNull === true);
    else callHost(env, { ...expr, spatial }, args, result);
  };
  if (strict) unlessNull(env, args, run);
  else run();
  return result;
}

function callKernel(
  env: CodeEnv,
  name: string,
  args: readonly CodeValue[],
  strict: boolean,
  result: CodeVariable,
  mayFail: boolean,
  mayReturnNull: boolean,
): void {
  const { fb } = env;
  if (result.phys === 'str') env.usesScratch = true;
  const params: ValType[] = ['i32'];
  fb.get(env.ctx);
  for (const a of args) {
    a.push();
    params.push(WASM_TYPE[a.phys]);
    if (a.phys === 'i128') {
      a.pushHi!();
      params.push('i64');
    }
    if (!strict) {
      if (a.pushNull) a.pushNull();
      else fb.i32_const(0);
      params.push('i32');
    }
  }
  fb.call(env.kernel(name, params, [WASM_TYPE[result.phys]]));
  fb.set(result.low);
  if (result.high >= 0) {
    fb.get(env.ctx);
    fb.mem('i64_load', CTX.RET_HI);
    fb.set(result.high);
  }
  if (mayFail) env.checkError();
  if (result.nullLocal < 0) return;
  if (mayReturnNull) {
    fb.get(env.ctx);
    fb.mem('i32_load', CTX.RET_NULL);
    fb.set(result.nullLocal);
    fb.get(env.ctx);
    fb.i32_const(0);
    fb.mem('i32_store', CTX.RET_NULL);
  } else {
    fb.i32_const(0);
    fb.set(result.nullLocal);
  }
}

/** Stores a value into a host slot at address local + offset. */
export function storeSlot(env: CodeEnv, address: number, offset: number, v: CodeValue): void {
  const { fb } = env;
  fb.get(address);
  v.push();
  fb.mem(STORE[v.phys], offset);
  if (v.phys === 'i128') {
    fb.get(address);
    v.pushHi!();
    fb.mem('i64_store', offset + 8);
  }
  fb.get(address);
  if (v.pushNull) v.pushNull();
  else fb.i32_const(0);
  fb.mem('i32_store', offset + 16);
}

/** A spatial function, whose result is then in the slot at the local that is given. */
export function callByName(
  env: CodeEnv,
  called: { readonly name: string; readonly args: readonly SqlType[]; readonly returns: SqlType },
  args: readonly CodeValue[],
): number {
  return pushSlots(env, JSON.stringify({ ...called, spatial: called.name }), args);
}

/** Host functions are imported by a name that tells the host their argument and result types. */
function callHost(
  env: CodeEnv,
  expr: Extract<BoundExpr, { kind: 'call' }> & { readonly spatial: string | undefined },
  args: readonly CodeValue[],
  result: CodeVariable,
): void {
  const { fb } = env;
  const { name: called, spatial, type: returns } = expr;
  const name = JSON.stringify({ name: called, spatial, args: expr.args.map((a) => a.type), returns });
  const slots = pushSlots(env, name, args);
  fb.get(slots);
  fb.mem(LOAD[result.phys], 0);
  fb.set(result.low);
  if (result.high >= 0) {
    fb.get(slots);
    fb.mem('i64_load', 8);
    fb.set(result.high);
  }
  fb.get(slots);
  fb.mem('i32_load', 16);
  fb.set(result.nullLocal);
}

/** Calls the import of that name with slots for its arguments, of which the first then holds the result. */
function pushSlots(env: CodeEnv, name: string, args: readonly CodeValue[]): number {
  const { fb } = env;
  const slots = fb.local('i32');
  env.usesScratch = true;
  fb.get(env.ctx);
  fb.i64_const(BigInt(HOST_SLOT_BYTES * Math.max(args.length, 1)));
  fb.call(env.kernel('alloc_scratch', ['i32', 'i64'], ['i32']));
  fb.tee(slots);
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
  for (const [i, a] of args.entries()) storeSlot(env, slots, i * HOST_SLOT_BYTES, a);
  fb.get(env.ctx);
  fb.get(slots);
  fb.call(env.mb.import('host', name, ['i32', 'i32'], []));
  env.checkError();
  return slots;
}
