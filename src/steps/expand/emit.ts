/**
 * Code of the expand step: each row comes once for each set (../copies.ts), with the set's number.
 */
import { emitCopies, type Copies } from '../copies.ts';
import type { StageEnv } from '../segment-code.ts';

interface ExpandCode extends Copies {
  readonly count: number;
}

export function emitExpand(env: StageEnv, e: ExpandCode): void {
  emitCopies(env, e, { pushTimes: () => env.fb.i32_const(e.count), value: (_, copy) => copy });
}
