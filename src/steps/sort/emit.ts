/**
 * The sort step keeps rows as tuples whose last field holds the order-preserving key bytes; the host makes
 * runs in its order (sort-breaker.ts). The key is written straight into the arena: room for the longest possible form is
 * reserved, then the rest is given back. Where that is more than rows hold themselves the key is written into scratch, and
 * kept as any string is.
 */
import type { TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { SortKey } from '../../expressions/relation.ts';
import { countInput, storeFields } from '../keep-rows.ts';
import { pushRowBytes } from '../row-bytes.ts';
import { forRows } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import type { RowShape } from '../spec.ts';
import { leaveForHelp, newTuple, STORE, storeLocal, watchLimit } from '../tuple-code.ts';
import { FIXED_KEY_BYTES, hasTextKey, keyBytes, pushKeyEnd, pushTextKeyBytes, whenNotNull } from '../value-code.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { emitInRuns, emitWideRow, type WideRow } from '../wide-row.ts';

export interface KeyMark {
  readonly keys: number;
  readonly field: number;
}

export function emitSort(
  env: StageEnv,
  input: RowSet,
  storeId: number,
  keys: readonly SortKey[],
  wideKeys: WideRow | undefined,
  shape: RowShape,
  step: number,
  /** Fields for how many bytes of the key string the first so many keys take. */
  marks: readonly KeyMark[] = [],
): void {
  const { fb } = env;
  const store = storeLocal(env, storeId);
  countInput(env, input, step);
  forRows(env, input, (loop) => {
    leaveForHelp(env, store, loop, step);
    const { key, isAside, lengths } = writeSortKey(env, keys, wideKeys, marks);
    fb.get(store);
    fb.mem('i64_load', STORE.CUTOFF);
    fb.do('i64_eqz', 'i32_eqz');
    fb.if_(() => {
      fb.get(key);
      fb.get(store);
      fb.mem('i64_load', STORE.CUTOFF);
      fb.call(env.kernel('key_not_before', ['i64', 'i64'], ['i32']));
      fb.if_(() => {
        shrinkArena(env, key, isAside, () => fb.i32_const(0));
        loop.next();
      });
    });
    fb.get(isAside);
    fb.if_(() => keepKey(env, key));
    const t = newTuple(env, store, shape.layout);
    const keyField = shape.layout.fields[shape.layout.fields.length - 1]!;
    storeFields(env, t, shape.layout.fields.slice(0, -1 - marks.length));
    for (const [i, { field }] of marks.entries()) {
      fb.get(t);
      fb.get(lengths[i]!);
      fb.mem('i32_store', shape.layout.fields.find((f) => f.id === field)!.offset);
    }
    fb.get(t);
    fb.get(key);
    fb.mem('i64_store', keyField.offset);
    watchLimit(env, store);
  });
}

/** Keeps so many bytes of the key's text, the newest allocation of the arena unless it lies aside. */
function shrinkArena(env: StageEnv, key: number, isAside: number, pushUsed: () => void): void {
  const { fb } = env;
  fb.get(isAside);
  fb.do('i32_eqz');
  fb.if_(() => {
    fb.get(env.ctx);
    fb.get(key);
    fb.do('i32_wrap_i64');
    pushUsed();
    fb.call(env.kernel('shrink_arena', ['i32', 'i32', 'i32'], []));
  });
}
/** A key that lies in scratch. */
function keepKey(env: StageEnv, key: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(key);
  fb.call(env.kernel('str_keep', ['i32', 'i64'], ['i64']));
  fb.set(key);
  env.checkError();
}

/**
 * An i64 local with the row's key string, an i32 local that says whether it lies in scratch, not in the arena, and one per
 * mark with the bytes of its keys.
 */
function writeSortKey(
  env: StageEnv,
  keys: readonly SortKey[],
  wide: WideRow | undefined,
  marks: readonly KeyMark[],
): { readonly key: number; readonly isAside: number; readonly lengths: readonly number[] } {
  const { fb } = env;
  const row = wide && emitWideRow(env, wide, 2);
  const values = wide ? [] : keys.map((k) => env.settle(compileExpr(env, k.expr)));
  const start = fb.local('i32');
  const out = fb.local('i32');
  const key = fb.local('i64');
  const isAside = fb.local('i32');
  // Longest key: a NULL byte and FIXED_KEY_BYTES, or 1 + 2 * length + 2 of a string.
  pushRowBytes(env, (keys.length + 1) * (FIXED_KEY_BYTES + 8), values, 2);
  if (row) {
    fb.get(row.bytes);
    fb.do('i64_add');
  }
  allocateKey(env, start, isAside, values, row !== undefined);
  fb.get(start);
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
  fb.get(start);
  fb.set(out);
  const write = (from: number, to: number): void => {
    if (!wide || !row) return values.slice(from, to).forEach((v, i) => writeKey(env, out, v, keys[from + i]!));
    const { fields } = wide.layout;
    emitInRuns(env, [...keys.entries()].slice(from, to), [out, row.tuple], out, (inner, run, [at, tuple]) => {
      for (const [i, k] of run) writeKey(inner, at!, inner.field(tuple!, fields[i]!), k);
    });
  };
  const lengths = marks.map(() => fb.local('i32'));
  let written = 0;
  for (const [i, mark] of [...marks.entries()].sort(([, a], [, b]) => a.keys - b.keys)) {
    write(written, mark.keys);
    written = mark.keys;
    fb.get(out);
    fb.get(start);
    fb.do('i32_sub');
    fb.set(lengths[i]!);
  }
  write(written, keys.length);
  fb.get(start);
  fb.do('i64_extend_i32_u');
  fb.get(out);
  fb.get(start);
  fb.do('i32_sub', 'i64_extend_i32_u');
  fb.i64_const(32n);
  fb.do('i64_shl', 'i64_or');
  fb.set(key);
  shrinkArena(env, key, isAside, () => {
    fb.get(out);
    fb.get(start);
    fb.do('i32_sub');
  });
  return { key, isAside, lengths };
}
/** Takes the i64 on the stack as the bytes of the longest key, whose address goes to `start`. */
function allocateKey(
  env: StageEnv,
  start: number,
  isAside: number,
  values: readonly TypedValue[],
  isWide: boolean,
): void {
  const { fb } = env;
  const bytes = fb.local('i64');
  fb.set(bytes);
  const allocate = (kernel: 'alloc_arena' | 'alloc_scratch'): void => {
    fb.get(env.ctx);
    fb.get(bytes);
    fb.call(env.kernel(kernel, ['i32', 'i64'], ['i32']));
    fb.set(start);
  };
  const strings = values.filter(hasTextKey);
  if (strings.length === 0 && !isWide) return allocate('alloc_arena');
  env.usesScratch = true;
  fb.get(bytes);
  env.getState(CTX.INLINE_MAX);
  fb.do('i64_extend_i32_u', 'i64_gt_u');
  fb.tee(isAside);
  fb.if_(
    () => {
      if (!isWide) exactBytes(env, bytes, values.length, strings);
      allocate('alloc_scratch');
    },
    () => allocate('alloc_arena'),
  );
}
/** Long strings take what they need, not the most they could. */
function exactBytes(env: StageEnv, bytes: number, keys: number, strings: readonly TypedValue[]): void {
  const { fb } = env;
  fb.i64_const(BigInt((keys + 1) * (FIXED_KEY_BYTES + 8)));
  fb.set(bytes);
  for (const v of strings)
    whenNotNull(env, v, () => {
      fb.get(bytes);
      pushTextKeyBytes(env, v);
      fb.do('i64_extend_i32_u', 'i64_add');
      fb.set(bytes);
    });
}

/** Bytes that every value of the key takes in a key string; undefined: they differ. */
export function sortKeyBytes({ expr }: SortKey): number | undefined {
  const bytes = keyBytes(expr.type);
  return bytes === undefined ? undefined : 1 + bytes;
}
/** One byte that places NULL, then the value's key bytes; those of NULL are zeros, or none where values differ in length. */
function writeKey(env: StageEnv, out: number, v: TypedValue, key: SortKey): void {
  const { fb } = env;
  const value = (): void => {
    pushKeyEnd(env, out, v, key.descending);
    fb.set(out);
  };
  // 1 before 2: a present value is 1 and NULL 2, or NULL 0 when NULLs come first.
  fb.get(out);
  if (v.pushNull) {
    fb.i32_const(key.nullsFirst ? 0 : 2);
    fb.i32_const(1);
    v.pushNull();
    fb.select();
  } else fb.i32_const(1);
  fb.mem('i32_store8', 0);
  fb.get(out);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.set(out);
  if (!v.pushNull) return value();
  v.pushNull();
  fb.do('i32_eqz');
  fb.if_(value, () => {
    const bytes = keyBytes(v.type) ?? 0;
    for (let at = 0; at < bytes; at += 4) {
      fb.get(out);
      fb.i32_const(0);
      fb.mem('i32_store', at);
    }
    fb.get(out);
    fb.i32_const(bytes);
    fb.do('i32_add');
    fb.set(out);
  });
}
