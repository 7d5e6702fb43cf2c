/**
 * Emitted pieces that several steps share: making tuples, hashing keys, comparing keys, finding or inserting a tuple in
 * a store's hash table. A STORE is described in node memory by a small header the host allocates:
 *
 *   +0 CUR  +4 END   bump pointers of the current extent (the host installs a new one through env.store_grow)
 *   +8 COUNT         tuples made
 *   +12 HEADS +16 MASK   bucket array of u32 tuple addresses, size a power of two
 *   +20 LIMIT        COUNT at which the table is rehashed (env.store_rehash)
 *   +24 NULL_TUPLE   a tuple with every nullable field NULL, for outer joins
 *   +28 NULL_KEYS    1 when a row with a NULL key was seen
 *   +32 SINGLE       the one tuple of an aggregate without groups
 */
import type { CodeValue } from '../expressions/code-env.ts';
import { widen128 } from '../expressions/compile.ts';
import { PHYS_BYTES, type Phys } from '../types/sql-type.ts';
import { TUPLE_HASH, TUPLE_NEXT, type TupleLayout } from '../wasm/tuple-layout.ts';
import type { StageEnv } from './segment-code.ts';

export const STORE = { CUR: 0, END: 4, COUNT: 8, HEADS: 12, MASK: 16, LIMIT: 20, NULL_TUPLE: 24, NULL_KEYS: 28, SINGLE: 32, BYTES: 40 } as const;

/** Local with the address of a store's header, loaded in the prologue. */
export function storeLocal(env: StageEnv, store: number): number {
  const { fb } = env;
  const local = fb.local('i32');
  const field = env.code.storeField(store);
  fb.prologue(() => {
    env.getState(field);
    fb.set(local);
  });
  return local;
}

/** Bumps a new tuple from the store; its address goes to the returned local. Leaves with an error when memory is out. */
export function newTuple(env: StageEnv, store: number, layout: TupleLayout): number {
  const { fb } = env;
  const t = fb.local('i32');
  fb.get(store);
  fb.mem('i32_load', STORE.CUR);
  fb.tee(t);
  fb.i32_const(layout.size);
  fb.do('i32_add');
  fb.get(store);
  fb.mem('i32_load', STORE.END);
  fb.do('i32_gt_u');
  fb.if_(() => {
    fb.get(env.ctx);
    fb.get(store);
    fb.i32_const(layout.size);
    fb.call(env.mb.import('env', 'store_grow', ['i32', 'i32', 'i32'], ['i32']));
    fb.do('i32_eqz');
    fb.if_(() => env.leaveWithError());
    fb.get(store);
    fb.mem('i32_load', STORE.CUR);
    fb.set(t);
  });
  fb.get(store);
  fb.get(t);
  fb.i32_const(layout.size);
  fb.do('i32_add');
  fb.mem('i32_store', STORE.CUR);
  fb.get(store);
  fb.get(store);
  fb.mem('i32_load', STORE.COUNT);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.mem('i32_store', STORE.COUNT);
  return t;
}

/** A copy of a string value that lives in the arena; other values pass through. */
export function persist(env: StageEnv, value: CodeValue): CodeValue {
  if (value.phys !== 'str') return value;
  const { fb } = env;
  const copy = env.variable('str', value.pushNull !== undefined);
  copy.assign(value);
  const body = (): void => {
    fb.get(env.ctx);
    value.push();
    fb.call(env.kernel('str_copy_arena', ['i32', 'i64'], ['i64']));
    fb.set(copy.low);
    env.checkError();
  };
  if (value.pushNull) {
    value.pushNull();
    fb.do('i32_eqz');
    fb.if_(body);
  } else body();
  return copy;
}

/** Hash of one value into an i32 local; NULL hashes as 0. Integers of all widths hash alike. */
export function hashValue(env: StageEnv, v: CodeValue): number {
  const { fb } = env;
  const h = fb.local('i32');
  const body = (): void => {
    switch (v.phys) {
      case 'i32':
      case 'i64':
        env.pushAs(v, 'i64');
        fb.call(env.kernel('hash_i64', ['i64'], ['i32']));
        break;
      case 'f32':
      case 'f64':
        env.pushAs(v, 'f64');
        fb.call(env.kernel('hash_f64', ['f64'], ['i32']));
        break;
      case 'i128':
        v.push();
        v.pushHi!();
        fb.call(env.kernel('hash_i128', ['i64', 'i64'], ['i32']));
        break;
      case 'str':
        v.push();
        fb.call(env.kernel('hash_str', ['i64'], ['i32']));
    }
    fb.set(h);
  };
  if (!v.pushNull) body();
  else {
    fb.i32_const(0);
    fb.set(h);
    v.pushNull();
    fb.do('i32_eqz');
    fb.if_(body);
  }
  return h;
}

/** Combined hash of several values; no value hashes as 0. */
export function hashValues(env: StageEnv, values: readonly CodeValue[]): number {
  const { fb } = env;
  if (values.length === 0) {
    const zero = fb.local('i32');
    fb.i32_const(0);
    fb.set(zero);
    return zero;
  }
  const h = hashValue(env, values[0]!);
  for (const v of values.slice(1)) {
    const next = hashValue(env, v);
    fb.get(h);
    fb.get(next);
    fb.call(env.kernel('hash_combine', ['i32', 'i32'], ['i32']));
    fb.set(h);
  }
  return h;
}

/** Pushes 1 when the two values are equal; both are known not to be NULL. */
export function pushEqual(env: StageEnv, a: CodeValue, b: CodeValue): void {
  const { fb } = env;
  if (a.phys === 'i128' || b.phys === 'i128') {
    const [l, r] = [widen128(env, a), widen128(env, b)];
    l.push();
    r.push();
    fb.do('i64_eq');
    l.pushHi!();
    r.pushHi!();
    fb.do('i64_eq', 'i32_and');
    return;
  }
  if (a.phys === 'str') {
    a.push();
    b.push();
    fb.call(env.kernel('str_eq', ['i64', 'i64'], ['i32']));
    return;
  }
  const wide: Phys = PHYS_BYTES[a.phys] >= PHYS_BYTES[b.phys] ? a.phys : b.phys;
  env.pushAs(a, wide);
  env.pushAs(b, wide);
  fb.do(({ i32: 'i32_eq', i64: 'i64_eq', f32: 'f32_eq', f64: 'f64_eq' } as const)[wide as 'i32']);
}

/** Pushes 1 when equal or both NULL (grouping equality). */
export function pushSame(env: StageEnv, a: CodeValue, b: CodeValue): void {
  const { fb } = env;
  if (!a.pushNull && !b.pushNull) return pushEqual(env, a, b);
  const na = (): void => (a.pushNull ? a.pushNull() : fb.i32_const(0));
  const nb = (): void => (b.pushNull ? b.pushNull() : fb.i32_const(0));
  const result = fb.local('i32');
  na();
  nb();
  fb.do('i32_or');
  fb.if_(
    () => {
      na();
      nb();
      fb.do('i32_and');
      fb.set(result);
    },
    () => {
      pushEqual(env, a, b);
      fb.set(result);
    },
  );
  fb.get(result);
}

/**
 * Finds the tuple with these keys (grouping equality over the layout's first fields) or makes it: `init` fills the
 * remaining fields of a new tuple. The tuple's address is in the returned local; `onFound` runs when it existed.
 */
export function findOrInsert(
  env: StageEnv, store: number, layout: TupleLayout, keys: readonly CodeValue[], hash: number,
  init: (tuple: number) => void, onFound?: (tuple: number) => void,
): number {
  const { fb } = env;
  const p = fb.local('i32');
  const bucket = fb.local('i32');
  fb.get(store);
  fb.mem('i32_load', STORE.HEADS);
  fb.get(hash);
  fb.get(store);
  fb.mem('i32_load', STORE.MASK);
  fb.do('i32_and');
  fb.i32_const(2);
  fb.do('i32_shl', 'i32_add');
  fb.tee(bucket);
  fb.mem('i32_load', 0);
  fb.set(p);
  fb.block((found) => {
    fb.block((missing) => {
      fb.loop((again) => {
        fb.get(p);
        fb.do('i32_eqz');
        fb.br_if(missing);
        fb.get(p);
        fb.mem('i32_load', TUPLE_HASH);
        fb.get(hash);
        fb.do('i32_eq');
        fb.if_(() => {
          compareKeys(env, p, layout, keys);
          if (onFound) fb.if_(() => (onFound(p), fb.br(found)));
          else fb.br_if(found);
        });
        fb.get(p);
        fb.mem('i32_load', TUPLE_NEXT);
        fb.set(p);
        fb.br(again);
      });
    });
    insertTuple(env, store, layout, keys, hash, bucket, p, init);
  });
  return p;
}

/** Pushes 1 when the tuple's first fields are the same as the keys. */
function compareKeys(env: StageEnv, p: number, layout: TupleLayout, keys: readonly CodeValue[]): void {
  const { fb } = env;
  if (keys.length === 0) return fb.i32_const(1);
  const same = fb.local('i32');
  fb.block((out) => {
    for (const [i, key] of keys.entries()) {
      pushSame(env, env.field(p, layout.fields[i]!), key);
      fb.set(same);
      if (i === keys.length - 1) break;
      fb.get(same);
      fb.do('i32_eqz');
      fb.br_if(out);
    }
  });
  fb.get(same);
}

function insertTuple(
  env: StageEnv, store: number, layout: TupleLayout, keys: readonly CodeValue[], hash: number, bucket: number, p: number,
  init: (tuple: number) => void,
): void {
  const { fb } = env;
  const t = newTuple(env, store, layout);
  for (const [i, key] of keys.entries()) env.storeField(t, layout.fields[i]!, persist(env, key));
  init(t);
  fb.get(t);
  fb.get(hash);
  fb.mem('i32_store', TUPLE_HASH);
  fb.get(t);
  fb.get(bucket);
  fb.mem('i32_load', 0);
  fb.mem('i32_store', TUPLE_NEXT);
  fb.get(bucket);
  fb.get(t);
  fb.mem('i32_store', 0);
  fb.get(t);
  fb.set(p);
  fb.get(store);
  fb.mem('i32_load', STORE.COUNT);
  fb.get(store);
  fb.mem('i32_load', STORE.LIMIT);
  fb.do('i32_gt_u');
  fb.if_(() => {
    fb.get(env.ctx);
    fb.get(store);
    fb.call(env.mb.import('env', 'store_rehash', ['i32', 'i32'], ['i32']));
    fb.do('i32_eqz');
    fb.if_(() => env.leaveWithError());
  });
}
