/**
 * Seeds of SQL's RANDOM(). A statement has one seed of 64 bits; every segment on every participant (slice or leader)
 * starts a stream of its own from it. After SET seed the n-th statement's seed follows from the value and n, so that the
 * same statements give the same numbers on the same topology; otherwise it comes from the system's entropy.
 */
import { randomBytes } from 'node:crypto';

const MASK = (1n << 64n) - 1n;
const GAMMA = 0x9e3779b97f4a7c15n;

/** The finisher of splitmix64: every bit of the input moves about half of the output's. */
function mix(x: bigint): bigint {
  let z = (x + GAMMA) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}
const chain = (...parts: readonly bigint[]): bigint => parts.reduce((h, p) => mix(h ^ mix(p & MASK)), 0n);

/** The stream of one segment on one participant, as the signed 64 bits a context holds. */
export const streamStart = (seed: bigint, segment: number, participant: number): bigint =>
  BigInt.asIntN(64, chain(seed, BigInt(segment), BigInt(participant)));

export const entropySeed = (): bigint => randomBytes(8).readBigUInt64LE();

/** Seeds of the statements that follow SET seed TO value. */
export class SeedSequence {
  private statement = 0n;
  constructor(private readonly value: number) {}
  next(): bigint {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, this.value);
    return chain(bits.getBigUint64(0), this.statement++);
  }
}
