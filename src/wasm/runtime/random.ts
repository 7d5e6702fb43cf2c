/**
 * Random numbers: one stream (splitmix64) per running segment, its state in the context. The host starts every stream
 * from the statement's seed, the participant and the segment, mixed, so that no two slices repeat each other.
 * Copies of an ALL table draw by row content instead: emitted code mixes the row's hash with the stream's first state.
 */
import { RANDOM } from './layout.ts';

const GAMMA: u64 = 0x9e3779b97f4a7c15;

function finish(x: u64): u64 {
  x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >>> 27)) * 0x94d049bb133111eb;
  return x ^ (x >>> 31);
}
/** A double from 0 up to 1. */
export function math_random(ctx: i32): f64 {
  const x = load<u64>(ctx, RANDOM) + GAMMA;
  store<u64>(ctx, x, RANDOM);
  return <f64>(finish(x) >>> 11) * (1.0 / 9007199254740992.0);
}
/** A hash of a hash and one more word. */
export function random_mix(h: i64, word: i64): i64 {
  return <i64>finish((<u64>h ^ finish(<u64>word + GAMMA)) * 0x2545f4914f6cdd1d + GAMMA);
}
