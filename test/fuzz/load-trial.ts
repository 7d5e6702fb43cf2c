/**
 * What the fuzzers of load formats share: damage to bytes, a read that may fail with an error of SQL alone, and the same read in portions.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SqlError } from '../../src/common/errors/sql-error.ts';
import { Prng } from '../../src/common/prng.ts';
import type { TestLoaded } from '../../src/formats/test-load.ts';
import { varchar, type SqlType } from '../../src/types/sql-type.ts';

export interface Verdict {
  readonly what: 'loaded' | 'records refused' | 'file refused';
  /** A second reader read it too. */
  readonly judged: boolean;
}
/** What a campaign counts as one. */
export class Finding extends TypeError {}
export type Trial = (prng: Prng) => Promise<Verdict>;

/** Of the processor: other work may have it meanwhile. */
const READ_MS_MAX = 20_000;
const processorMs = (): number => process.cpuUsage().user / 1000;
const fixtures = join(import.meta.dirname, '../../fixtures');
export const TEXT = varchar(65535);
export const SUPER: SqlType = { name: 'super' };
export const NO_HOST = { object: () => Promise.reject(new TypeError('nothing to read')) };
export const files = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(fixtures, folder)).filter((f) => f.endsWith(ending));
export const read = (folder: string, name: string): Buffer => readFileSync(join(fixtures, folder, name));
export const columnsOf = (types: readonly SqlType[]) =>
  types.map((type, i) => ({ name: `c${i}`, type, nullable: true }));
export const show = (bytes: Uint8Array): string =>
  `${bytes.length} bytes ${Buffer.from(bytes.subarray(0, 3000)).toString('base64')}`;

/** Bytes changed, taken out, doubled or cut off. */
export function damage(prng: Prng, bytes: Uint8Array, from = 0): Buffer {
  let out = Buffer.from(bytes);
  for (let i = prng.int(1, 5); i > 0 && out.length > from; i--) {
    const at = prng.int(from, out.length - 1);
    const length = Math.min(prng.int(1, 40), out.length - at);
    switch (prng.int(0, 7)) {
      case 0:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 1:
        out = Buffer.concat([out.subarray(0, at + length), out.subarray(at)]);
        break;
      case 2:
        if (prng.int(0, 3) === 0) out = out.subarray(0, at);
        break;
      case 3:
        out[at] = out[at]! ^ (1 << prng.int(0, 7));
        break;
      default:
        out[at] = prng.pick([0, 1, 127, 128, 255, 10, 13, 34, 92, 44, 124, prng.int(0, 255)]);
    }
  }
  return out;
}
/** Runs a read; errors of SQL and a test's memory that is full are answers. */
export async function answered<T>(input: () => string, work: () => Promise<T> | T): Promise<T | undefined> {
  const started = processorMs();
  try {
    const result = await work();
    if (processorMs() - started > READ_MS_MAX) throw new Finding(`took too long: ${input()}`);
    return result;
  } catch (error) {
    if (error instanceof SqlError || (error instanceof Error && /out of memory$/.test(error.message)))
      return undefined;
    if (error instanceof Finding) throw error;
    throw new Finding(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${input()}`);
  }
}
export const verdictOf = (loaded: TestLoaded | undefined, judged = false): Verdict => ({
  what: loaded === undefined ? 'file refused' : loaded.refused.length > 0 ? 'records refused' : 'loaded',
  judged,
});
export const told = ({ rows, refused, failed }: TestLoaded): string =>
  JSON.stringify([failed ? 'failed' : rows, refused.map((r) => [r.line, r.column, r.code, r.reason, r.position])]);
export function same(one: string, two: string, what: string, input: () => string): void {
  if (one !== two) throw new Finding(`${what}\n${one.slice(0, 2000)}\n${two.slice(0, 2000)}\n${input()}`);
}
/** Reads whole and in portions, which must give the same. */
export async function twice(
  prng: Prng,
  input: () => string,
  load: (most?: () => number) => TestLoaded,
): Promise<TestLoaded | undefined> {
  const whole = await answered(input, () => load());
  const most = prng.pick([1, 7, 60, 1000]);
  const portions = new Prng(prng.u32());
  const parts = await answered(input, () => load(() => portions.int(0, most)));
  same(
    whole === undefined ? 'refused' : told(whole),
    parts === undefined ? 'refused' : told(parts),
    `in portions of up to ${most} bytes it is another file`,
    input,
  );
  return whole;
}
