/**
 * Emitted pieces that several steps share: making tuples, packing string keys, finding or inserting a tuple in a store's
 * hash table (value-code.ts hashes and compares). A STORE is described in node memory by a small header the host allocates:
 *
 *   +0 CUR  +4 END   bump pointers of the current extent (the host installs a new one through env.store_grow)
 *   +8 COUNT         tuples in memory
 *   +12 HEADS +16 MASK   bucket array of u32 tuple addresses, size a power of two
 *   +20 LIMIT        COUNT from which on the host is asked for a larger table (groups) or for fewer rows (sort)
 *   +24 NULL_TUPLE   a tuple with every nullable field NULL, for outer joins
 *   +28 NULL_KEYS    1 when a row with a NULL key was seen
 *   +32 SINGLE       the one tuple of an aggregate without groups
 *   +36 HELP         what the store needs from the host before the next row: bits of HELP
 *   +40 TOTAL        1 when the sealed store has rows at all, in memory or on the temporary disk
 *   +48 CUTOFF       sort with a limit: rows whose key is not before this string are not wanted; 0 = none yet
 *   +56 DENSE +60 RANGE +64 BASE   hash: 1 when HEADS has RANGE places, by key - BASE (hjoin/lookup.ts)
 *   +72 FILTER +76 FILTER_MASK     hash: bitmap of keys for scans, or 0; mask of its bit numbers unless dense. A dense table
 *                    of which only the keys matter is its bitmap: there are no HEADS
 *   +80 LAST_BLOCK   1 when the table in memory is the last that the outer rows at hand will meet
 *   +84 DEFERRED     distinct values: 1 when those that are new are not counted yet (aggr/distinct-set.ts)
 */
import { typedValue, type TypedValue } from '../expressions/code-env.ts';
import { identityOf } from '../types/identity.ts';
import { mayBeLong, physOf, type SqlType } from '../types/sql-type.ts';
import { TUPLE_HASH, TUPLE_NEXT, type TupleField, type TupleLayout } from '../types/tuple-layout.ts';
import { CTX } from '../wasm/memory-map.ts';
import type { RowLoop } from './row-loop.ts';
import { STATUS, type StageEnv } from './segment-code.ts';
import { PACKED_KEY_ID } from './spec.ts';
import { localHashValue, mixLocal, multiplyHash, pushSame, pushSameKept, whenNotNull } from './value-code.ts';

export const STORE = {
  CUR: 0,
  END: 4,
  COUNT: 8,
  HEADS: 12,
  MASK: 16,
  LIMIT: 20,
  NULL_TUPLE: 24,
  NULL_KEYS: 28,
  SINGLE: 32,
  HELP: 36,
  TOTAL: 40,
  CUTOFF: 48,
  DENSE: 56,
  RANGE: 60,
  BASE: 64,
  FILTER: 72,
  FILTER_MASK: 76,
  LAST_BLOCK: 80,
  DEFERRED: 84,
  BYTES: 88,
} as const;
/** Set by the host when memory is short, by emitted code when COUNT passes LIMIT. */
export const HELP = { SPILL: 1, LIMIT: 2 } as const;

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

/** Leaves the stage before the current row when the store needs the host's help. */
export function leaveForHelp(env: StageEnv, store: number, loop: RowLoop, step: number): void {
  const { fb } = env;
  fb.get(store);
  fb.mem('i32_load', STORE.HELP);
  fb.if_(() => loop.leave(STATUS.HELP, step));
}

/** Asks for help once COUNT has passed LIMIT. */
export function watchLimit(env: StageEnv, store: number): void {
  const { fb } = env;
  fb.get(store);
  fb.mem('i32_load', STORE.COUNT);
  fb.get(store);
  fb.mem('i32_load', STORE.LIMIT);
  fb.do('i32_gt_u');
  fb.if_(() => {
    fb.get(store);
    fb.get(store);
    fb.mem('i32_load', STORE.HELP);
    fb.i32_const(HELP.LIMIT);
    fb.do('i32_or');
    fb.mem('i32_store', STORE.HELP);
  });
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

/**
 * A string as a field of this type keeps it: a copy that lives in the arena, or a reference to a long one (long-values.ts).
 * Other values pass through.
 */
export function persist(env: StageEnv, value: TypedValue, type: SqlType): TypedValue {
  if (physOf(value.type) !== 'str') return value;
  const { fb } = env;
  const copy = env.variable('str', value.pushNull !== undefined);
  copy.assign(value);
  const long = mayBeLong(type);
  const body = (): void => {
    fb.get(env.ctx);
    if (long) pushKept(value);
    else value.push();
    fb.call(env.kernel(long ? 'str_keep' : 'str_copy_arena', ['i32', 'i64'], ['i64']));
    fb.set(copy.low);
    env.checkError();
  };
  whenNotNull(env, value, body);
  return typedValue(env, value.type, copy);
}

/** Pushes a string as the row at hand keeps it. */
export const pushKept = (value: TypedValue): void => (value.pushKept ?? value.push)();

/**
 * The value, or a reference where it is long, for who passes it on as it is. Of a long value that is looked at, `make` gives
 * what is kept in its place; `whenLong` follows.
 */
export function referred(
  env: StageEnv,
  value: TypedValue,
  make?: (value: TypedValue) => TypedValue,
  whenLong?: () => void,
): TypedValue {
  if (!mayBeLong(value.type)) return value;
  const { fb } = env;
  const v = fb.local('i64');
  pushKept(value);
  fb.set(v);
  const body = (): void => {
    fb.get(v);
    fb.i64_const(32n);
    fb.do('i64_shr_u', 'i32_wrap_i64');
    env.getState(CTX.INLINE_MAX);
    fb.do('i32_gt_u');
    fb.if_(() => {
      fb.get(env.ctx);
      if (make) make(value).push();
      else fb.get(v);
      fb.call(env.kernel('str_refer', ['i32', 'i64'], ['i64']));
      fb.set(v);
      env.checkError();
      whenLong?.();
    });
  };
  whenNotNull(env, value, body);
  const { type, phys, pushNull } = value;
  return { type, phys, pushNull, push: () => fb.get(v), mayRefer: true };
}

/** Packed form of a NULL key: no string packs to it. */
const PACKED_NULL = 1n;

/**
 * A string key packed into an i64 local: bytes of a string of at most 7 bytes (without trailing blanks) low, its length
 * plus one in the top byte; 0 for a longer string, PACKED_NULL for NULL. Equal packed keys other than 0 are equal keys.
 */
export function packKey(env: StageEnv, v: TypedValue): number {
  const { fb } = env;
  const { type } = v;
  const packed = fb.local('i64');
  const body = (): void => {
    if (type.name === 'char' && type.length === 1) return packOne(env, v, packed);
    const length = fb.local('i32');
    const bits = fb.local('i64');
    v.push();
    fb.i64_const(32n);
    fb.do('i64_shr_u', 'i32_wrap_i64');
    fb.set(length);
    // 1..7 bytes, the last one no blank: in line; everything else is the kernel's.
    fb.block((done) => {
      fb.block((slow) => {
        fb.get(length);
        fb.i32_const(1);
        fb.do('i32_sub');
        fb.i32_const(7);
        fb.do('i32_ge_u');
        fb.br_if(slow);
        v.push();
        fb.do('i32_wrap_i64');
        fb.get(length);
        fb.do('i32_add');
        fb.i32_const(1);
        fb.do('i32_sub');
        fb.mem('i32_load8_u', 0);
        fb.i32_const(0x20);
        fb.do('i32_eq');
        fb.br_if(slow);
        fb.get(length);
        fb.do('i64_extend_i32_u');
        fb.i64_const(3n);
        fb.do('i64_shl');
        fb.set(bits);
        v.push();
        fb.do('i32_wrap_i64');
        fb.mem('i64_load', 0);
        fb.i64_const(1n);
        fb.get(bits);
        fb.do('i64_shl');
        fb.i64_const(1n);
        fb.do('i64_sub', 'i64_and');
        fb.get(length);
        fb.i32_const(1);
        fb.do('i32_add', 'i64_extend_i32_u');
        fb.i64_const(56n);
        fb.do('i64_shl', 'i64_or');
        fb.set(packed);
        fb.br(done);
      });
      v.push();
      fb.call(env.kernel('str_pack', ['i64'], ['i64']));
      fb.set(packed);
    });
  };
  if (v.pushNull) {
    fb.i64_const(PACKED_NULL);
    fb.set(packed);
  }
  whenNotNull(env, v, body);
  return packed;
}

/** char(1): held without blanks, so its length is 0 or 1. */
function packOne(env: StageEnv, v: TypedValue, packed: number): void {
  const { fb } = env;
  const length = fb.local('i64');
  v.push();
  fb.i64_const(32n);
  fb.do('i64_shr_u');
  fb.set(length);
  v.push();
  fb.do('i32_wrap_i64');
  fb.mem('i64_load8_u', 0);
  fb.i64_const(0n);
  fb.get(length);
  fb.do('i64_sub', 'i64_and');
  fb.get(length);
  fb.i64_const(1n);
  fb.do('i64_add');
  fb.i64_const(56n);
  fb.do('i64_shl', 'i64_or');
  fb.set(packed);
}

/** Hash of a packed key; a long string hashes by its bytes. */
function hashPacked(env: StageEnv, packed: number, v: TypedValue): number {
  const { fb } = env;
  const h = fb.local('i32');
  fb.get(packed);
  multiplyHash(env);
  fb.set(h);
  fb.get(packed);
  fb.do('i64_eqz');
  fb.if_(() => {
    v.push();
    fb.call(env.kernel('hash_str', ['i64'], ['i32']));
    fb.set(h);
  });
  return h;
}

/** A group key as findOrInsert compares it; strings carry their packed form and the field it is kept in. */
export interface GroupKey {
  readonly value: TypedValue;
  readonly field: TupleField;
  /** Local of the packed form and the field it is kept in; -1 and undefined where there is none. */
  readonly packed: number;
  readonly packedField: TupleField | undefined;
}
/** Keys as a look-up takes them. */
export interface KeySet {
  /** The first has a packed form. */
  readonly isPacked: boolean;
  /** Pushes 1 when the tuple's key fields are the same. */
  compare(tuple: number): void;
  /** Writes them into a new tuple. */
  store(tuple: number): void;
}
/** Key number `index` of a group table with this layout. */
export function groupKey(env: StageEnv, value: TypedValue, layout: TupleLayout, index: number): GroupKey {
  const isString = identityOf(value.type) === 'string';
  const packedField = isString ? layout.fields.find((f) => f.id === PACKED_KEY_ID + index) : undefined;
  const packed = packedField ? packKey(env, value) : -1;
  return { value, field: layout.fields[index]!, packed, packedField };
}
/** Adds a key to the combined hash of those before it (private to group tables: not the distribution hash). */
export function hashGroupKey(env: StageEnv, hash: number, { value, packed }: GroupKey, index: number): void {
  const { fb } = env;
  const h = packed >= 0 ? hashPacked(env, packed, value) : localHashValue(env, value);
  if (index > 0) return mixLocal(env, hash, h);
  fb.get(h);
  fb.set(hash);
}
/** Prepares group keys and their combined hash. */
export function groupKeys(
  env: StageEnv,
  values: readonly TypedValue[],
  layout: TupleLayout,
): { readonly keys: KeySet; readonly hash: number } {
  const { fb } = env;
  const hash = fb.local('i32');
  fb.i32_const(0);
  fb.set(hash);
  const keys = values.map((value, i) => {
    const key = groupKey(env, value, layout, i);
    hashGroupKey(env, hash, key, i);
    return key;
  });
  return { keys: keySet(env, keys, hash), hash };
}
/** Keys that are in locals. */
const keySet = (env: StageEnv, keys: readonly GroupKey[], hash: number): KeySet => ({
  isPacked: keys[0] !== undefined && keys[0].packed >= 0,
  compare: (tuple) => compareKeys(env, tuple, keys, hash),
  store: (tuple) => storeKeys(env, tuple, keys),
});
export function storeKeys(env: StageEnv, tuple: number, keys: readonly GroupKey[]): void {
  const { fb } = env;
  for (const { field, value, packed, packedField } of keys) {
    env.storeField(tuple, field, persist(env, value, field.type));
    if (!packedField) continue;
    fb.get(tuple);
    fb.get(packed);
    fb.mem('i64_store', packedField.offset);
  }
}
/** Keys that are the layout's first fields and are not packed. */
export const plainKeys = (env: StageEnv, values: readonly TypedValue[], layout: TupleLayout, hash: number): KeySet =>
  keySet(
    env,
    values.map((value, i) => ({ value, field: layout.fields[i]!, packed: -1, packedField: undefined })),
    hash,
  );

/**
 * Finds the tuple with these keys (grouping equality over the layout's first fields) or makes it: `init` fills the
 * remaining fields of a new tuple. The tuple's address is in the returned local; `onFound` runs when it existed.
 */
export function findOrInsert(
  env: StageEnv,
  store: number,
  layout: TupleLayout,
  keys: KeySet,
  hash: number,
  init: (tuple: number) => void,
  onFound?: (tuple: number) => void,
): number {
  const { fb } = env;
  const p = fb.local('i32');
  const bucket = fb.local('i32');
  const table = tableLocals(env, store);
  fb.get(table.heads);
  fb.get(hash);
  fb.get(table.mask);
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
        const compare = (): void => {
          keys.compare(p);
          if (onFound) fb.if_(() => (onFound(p), fb.br(found)));
          else fb.br_if(found);
        };
        // Packed keys are as quick to compare as the hash.
        if (keys.isPacked) compare();
        else {
          fb.get(p);
          fb.mem('i32_load', TUPLE_HASH);
          fb.get(hash);
          fb.do('i32_eq');
          fb.if_(compare);
        }
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
export function compareKeys(env: StageEnv, p: number, keys: readonly GroupKey[], hash: number): void {
  const { fb } = env;
  if (keys.length === 0) return fb.i32_const(1);
  const same = fb.local('i32');
  fb.block((out) => {
    for (const [i, key] of keys.entries()) {
      if (key.packedField) samePacked(env, p, key, key.packedField, hash);
      else pushSame(env, env.keptField(p, key.field), key.value, pushSameKept);
      fb.set(same);
      if (i === keys.length - 1) break;
      fb.get(same);
      fb.do('i32_eqz');
      fb.br_if(out);
    }
  });
  fb.get(same);
}

/**
 * Pushes 1 when the packed forms agree and, for long strings (packed 0), the strings do. Long strings are looked at only
 * where all keys hash alike: many texts of a group table begin with the same hundreds of bytes.
 */
function samePacked(env: StageEnv, p: number, key: GroupKey, packedField: TupleField, hash: number): void {
  const { fb } = env;
  const same = fb.local('i32');
  fb.get(p);
  fb.mem('i64_load', packedField.offset);
  fb.get(key.packed);
  fb.do('i64_eq');
  fb.set(same);
  fb.get(key.packed);
  fb.do('i64_eqz');
  fb.get(same);
  fb.do('i32_and');
  fb.if_(() => {
    fb.get(p);
    fb.mem('i32_load', TUPLE_HASH);
    fb.get(hash);
    fb.do('i32_eq');
    fb.tee(same);
    fb.if_(() => {
      const field = env.keptField(p, key.field);
      pushSameKept(env, { ...field, pushNull: undefined }, { ...key.value, pushNull: undefined });
      fb.set(same);
    });
  });
  fb.get(same);
}

function insertTuple(
  env: StageEnv,
  store: number,
  layout: TupleLayout,
  keys: KeySet,
  hash: number,
  bucket: number,
  p: number,
  init: (tuple: number) => void,
): void {
  const { fb } = env;
  const t = newTuple(env, store, layout);
  keys.store(t);
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
  watchLimit(env, store);
}

/** Bucket array and mask of a store's table, held in locals: they change between calls of a stage only. */
export interface TableLocals {
  readonly heads: number;
  readonly mask: number;
}
export function tableLocals(env: StageEnv, store: number): TableLocals {
  const { fb } = env;
  const table = { heads: fb.local('i32'), mask: fb.local('i32') };
  fb.prologue(() => {
    fb.get(store);
    fb.mem('i32_load', STORE.HEADS);
    fb.set(table.heads);
    fb.get(store);
    fb.mem('i32_load', STORE.MASK);
    fb.set(table.mask);
  });
  return table;
}
