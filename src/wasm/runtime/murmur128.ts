/**
 * MurmurHash3 x64 of 128 bits, seed 9001: the hash behind HyperLogLog sketches. Words go in one at a time; `murmur_end` gives
 * the first half of the hash, `SECOND_HALF` the other.
 */
const SEED: u64 = 9001;
const C1: u64 = 0x87c37b91114253d5;
const C2: u64 = 0x4cf5ad432745937f;

export let SECOND_HALF: u64 = 0;

// @ts-ignore: decorator
@inline
function scrambleFirst(k: u64): u64 {
  return rotl(k * C1, 31) * C2;
}
// @ts-ignore: decorator
@inline
function scrambleSecond(k: u64): u64 {
  return rotl(k * C2, 33) * C1;
}
function finish(k: u64): u64 {
  k ^= k >> 33;
  k *= 0xff51afd7ed558ccd;
  k ^= k >> 33;
  k *= 0xc4ceb9fe1a85ec53;
  return k ^ (k >> 33);
}
function end(first: u64, second: u64, bytes: i32): u64 {
  first ^= <u64>bytes;
  second ^= <u64>bytes;
  first += second;
  second += first;
  first = finish(first);
  second = finish(second);
  first += second;
  SECOND_HALF = second + first;
  return first;
}
/** Hash of at most eight bytes, the low ones of `word`. */
export function murmurWord(word: u64, bytes: i32): u64 {
  return end(SEED ^ scrambleFirst(word), SEED, bytes);
}
/** The last bytes (at most eight) as a word. */
function tail(p: i32, bytes: i32): u64 {
  let word: u64 = 0;
  for (let i = bytes - 1; i >= 0; i--) word = (word << 8) | <u64>load<u8>(p + i);
  return word;
}
export function murmurBytes(p: i32, bytes: i32): u64 {
  let first = SEED;
  let second = SEED;
  let at = p;
  for (const last = p + (bytes & ~15); at < last; at += 16) {
    first ^= scrambleFirst(load<u64>(at));
    first = (rotl(first, 27) + second) * 5 + 0x52dce729;
    second ^= scrambleSecond(load<u64>(at, 8));
    second = (rotl(second, 31) + first) * 5 + 0x38495ab5;
  }
  const rest = bytes & 15;
  if (rest > 8) second ^= scrambleSecond(tail(at + 8, rest - 8));
  if (rest > 0) first ^= scrambleFirst(tail(at, min(rest, 8)));
  return end(first, second, bytes);
}
