/**
 * Hashes, grouping equality and order-preserving key bytes of values, by what their SQL type says (types/identity.ts).
 * They take typed values only: equal values of a type hash alike and give equal keys on every slice, in every code
 * variant and whatever word size carries them. Exact numbers of all widths hash alike, so an integer meets a numeric.
 *
 *   hashValue   the distribution hash: places rows on slices, also those already stored; never changes
 *   localHash   tables of one slice (joins, groups): a word by one multiplication in line
 */
import { assert, unreachable } from '../common/assert.ts';
import { intervalSpan, pushCompare } from '../expressions/compile-compare.ts';
import { typedValue, type CodeValue, type TypedValue } from '../expressions/code-env.ts';
import { identityOf } from '../types/identity.ts';
import { FLOAT8, mayBeLong, PHYS_BYTES, physOf, type SqlType } from '../types/sql-type.ts';
import type { ValType } from '../wasm/assembler.ts';
import { LONG_KIND } from './long-values.ts';
import { pushIsReference, type StageEnv } from './segment-code.ts';

/** Emits `body` for values that are not NULL; without a check where the value has no null flag. */
export function whenNotNull(env: StageEnv, value: CodeValue, body: () => void): void {
  if (!value.pushNull) return body();
  value.pushNull();
  env.fb.do('i32_eqz');
  env.fb.if_(body);
}

/** An i32 local with the hash that `push` leaves on the stack; NULL hashes as 0. */
function hashInto(env: StageEnv, v: TypedValue, push: () => void): number {
  const { fb } = env;
  const h = fb.local('i32');
  if (v.pushNull) {
    fb.i32_const(0);
    fb.set(h);
  }
  whenNotNull(env, v, () => {
    push();
    fb.set(h);
  });
  return h;
}

/** Exact numbers (and intervals, as one): `oneWord` for what fits a word, kernel hash_i128 for the rest, where needed. */
function pushExactHash(env: StageEnv, v: CodeValue, oneWord: (push: () => void) => void): void {
  const { fb } = env;
  if (v.phys === 'i32') return oneWord(() => (v.push(), fb.do('i64_extend_i32_s')));
  if (v.phys !== 'i128' || v.fits64) return oneWord(v.push);
  const h = fb.local('i32');
  v.pushHi!();
  v.push();
  fb.i64_const(63n);
  fb.do('i64_shr_s', 'i64_eq');
  fb.if_(
    () => (oneWord(v.push), fb.set(h)),
    () => (v.push(), v.pushHi!(), fb.call(env.kernel('hash_i128', ['i64', 'i64'], ['i32'])), fb.set(h)),
  );
  fb.get(h);
}

const STRING_HASH = { string: 'hash_str', folded: 'hash_folded', bytes: 'hash_varbyte' } as const;

function pushHash(env: StageEnv, v: TypedValue, oneWord: (push: () => void) => void): void {
  const { fb } = env;
  const identity = identityOf(v.type);
  switch (identity) {
    case 'integer':
    case 'numeric':
      return pushExactHash(env, v, oneWord);
    case 'interval':
      return pushExactHash(env, intervalSpan(env, v), oneWord);
    case 'float':
      typedValue(env, FLOAT8, v).push();
      return fb.call(env.kernel('hash_f64', ['f64'], ['i32']));
    case 'string':
    case 'folded':
    case 'bytes':
      v.push();
      return fb.call(env.kernel(STRING_HASH[identity], ['i64'], ['i32']));
    case 'super':
      fb.get(env.ctx);
      v.push();
      return fb.call(env.kernel('super_hash', ['i32', 'i64'], ['i32']));
    default:
      throw unreachable(identity, 'identity');
  }
}

/** Distribution hash of one value into an i32 local; NULL hashes as 0. */
export function hashValue(env: StageEnv, v: TypedValue): number {
  const word = (push: () => void): void => {
    push();
    env.fb.call(env.kernel('hash_i64', ['i64'], ['i32']));
  };
  return hashInto(env, v, () => pushHash(env, v, word));
}

/** Combined distribution hash of several values; no value hashes as 0. */
export const hashValues = (env: StageEnv, values: readonly TypedValue[]): number =>
  combined(env, values, hashValue, (h, next) => {
    const { fb } = env;
    fb.get(h);
    fb.get(next);
    fb.call(env.kernel('hash_combine', ['i32', 'i32'], ['i32']));
    fb.set(h);
  });

/** Hash of several values by that of one; no value hashes as 0. */
function combined(
  env: StageEnv,
  values: readonly TypedValue[],
  hash: (env: StageEnv, value: TypedValue) => number,
  mix: (h: number, next: number) => void,
): number {
  const [first, ...others] = values;
  if (first === undefined) return zero(env);
  const h = hash(env, first);
  for (const v of others) mix(h, hash(env, v));
  return h;
}

function zero(env: StageEnv): number {
  const h = env.fb.local('i32');
  env.fb.i32_const(0);
  env.fb.set(h);
  return h;
}

/** i64 on the stack -> its local hash. */
export function multiplyHash(env: StageEnv): void {
  const { fb } = env;
  fb.i64_const(-7046029254386353131n);
  fb.do('i64_mul');
  fb.i64_const(32n);
  fb.do('i64_shr_u', 'i32_wrap_i64');
}

/** Hash of one value for a table of this slice alone (join and group tables). Never used to place rows on slices. */
export function localHashValue(env: StageEnv, v: TypedValue): number {
  return hashInto(env, v, () =>
    pushHash(env, v, (push) => {
      push();
      multiplyHash(env);
    }),
  );
}

/** h = rotl(combined, 13) * constant ^ next: order matters, one value alone keeps its hash. */
export function mixLocal(env: StageEnv, combined: number, next: number): void {
  const { fb } = env;
  fb.get(next);
  fb.get(combined);
  fb.i32_const(13);
  fb.do('i32_rotl');
  fb.i32_const(0x5bd1e995);
  fb.do('i32_mul', 'i32_xor');
  fb.set(combined);
}

/** Combined local hash of several values. */
export const localHash = (env: StageEnv, values: readonly TypedValue[]): number =>
  combined(env, values, localHashValue, (h, next) => mixLocal(env, h, next));

/** Pushes 1 when two values that are not NULL are equal. */
type PushEqual = (env: StageEnv, a: TypedValue, b: TypedValue) => void;
const pushEqual: PushEqual = (env, a, b) => pushCompare(env, '=', a, b);

/** Pushes 1 when equal or both NULL (grouping equality). */
export function pushSame(env: StageEnv, a: TypedValue, b: TypedValue, equal = pushEqual): void {
  const { fb } = env;
  if (!a.pushNull && !b.pushNull) return equal(env, a, b);
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
      equal(env, { ...a, pushNull: undefined }, { ...b, pushNull: undefined });
      fb.set(result);
    },
  );
  fb.get(result);
}

/**
 * Pushes 1 when a value that a row keeps, perhaps as a reference, is equal to another one; neither is NULL. Long values are
 * compared where they lie.
 */
export function pushSameKept(env: StageEnv, kept: TypedValue, value: TypedValue): void {
  if (!mayBeLong(kept.type)) return pushEqual(env, value, kept);
  const { fb } = env;
  const same = fb.local('i32');
  kept.push();
  pushIsReference(fb);
  fb.if_(
    () => {
      fb.get(env.ctx);
      value.push();
      kept.push();
      fb.i32_const(longKind(kept.type));
      fb.call(env.mb.import('env', 'long_same', ['i32', 'i64', 'i64', 'i32'], ['i32']));
      fb.set(same);
      env.usesLong = true;
      env.checkError();
    },
    () => {
      pushEqual(env, value, kept);
      fb.set(same);
    },
  );
  fb.get(same);
}
function longKind(type: SqlType): number {
  const identity = identityOf(type);
  assert(
    identity === 'bytes' || identity === 'string' || identity === 'folded' || identity === 'super',
    'the identity of a string',
  );
  return LONG_KIND[identity];
}

/** Most key bytes of any value but a string. */
export const FIXED_KEY_BYTES = 16;

/** Key bytes of every value of a type that is not NULL; undefined: they differ. */
export function keyBytes(type: SqlType): number | undefined {
  switch (identityOf(type)) {
    case 'integer':
    case 'numeric':
      return PHYS_BYTES[physOf(type)];
    case 'interval':
      return 16;
    case 'float':
      return 8;
    default:
      return undefined;
  }
}
/** The key is as long as the value makes it. */
export const hasTextKey = ({ type }: TypedValue): boolean => ['string', 'folded', 'bytes'].includes(identityOf(type));
/** Pushes how many bytes such a key has at most: the double of the value's where that is little. */
export function pushTextKeyBytes(env: StageEnv, v: TypedValue): void {
  v.push();
  env.fb.call(env.kernel('key_str_bytes', ['i64'], ['i32']));
}

/** Pushes the end of the key bytes of a value that is not NULL, written at `out`. All parts of a result write them alike. */
export function pushKeyEnd(env: StageEnv, out: number, v: TypedValue, descending: boolean): void {
  const { fb } = env;
  const write = (name: string, value: CodeValue, words: readonly ValType[]): void => {
    fb.get(out);
    value.push();
    if (value.phys === 'i128') value.pushHi!();
    fb.i32_const(descending ? 1 : 0);
    fb.call(env.kernel(name, ['i32', ...words, 'i32'], ['i32']));
  };
  switch (identityOf(v.type)) {
    case 'integer':
    case 'numeric': {
      const phys = physOf(v.type);
      assert(phys === 'i32' || phys === 'i64' || phys === 'i128', 'form of an exact number');
      return write(`key_${phys}`, v, phys === 'i128' ? ['i64', 'i64'] : [phys]);
    }
    case 'interval':
      // The span is computed before `out` is pushed.
      return write('key_i128', intervalSpan(env, v), ['i64', 'i64']);
    case 'float':
      return write('key_f64', typedValue(env, FLOAT8, v), ['f64']);
    case 'string':
      return write('key_str', v, ['i64']);
    case 'folded':
      return write('key_folded', v, ['i64']);
    case 'super':
      throw assert(false, 'a SUPER value is sorted by the text of its key (sort/step.ts)');
    case 'bytes':
      return write('key_bytes', v, ['i64']);
  }
}
