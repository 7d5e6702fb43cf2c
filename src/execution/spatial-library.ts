/**
 * The spatial functions of a thread: a bundle of its own, loaded when the first of them is called here. Threads that never
 * compute with geometries do not pay for it.
 */
import { createRequire } from 'node:module';
import { SqlError, type SqlErrorFields } from '../common/errors/sql-error.ts';
import type { CallContext } from '../spatial/call.ts';
import type { Answer, Given } from '../spatial/library.ts';
import type { SimplifiedShape } from '../spatial/reading.ts';

export type SpatialArgument = Given;
type Library = Pick<typeof import('../spatial/library.ts'), 'call' | 'takeSimplified'>;

let library: Library | undefined;
/** It lies beside the bundles, or in dist/ when running from sources. */
function load(): Library {
  const place = import.meta.url.endsWith('.ts') ? '../../dist/spatial.cjs' : './spatial.cjs';
  return (library ??= createRequire(import.meta.url)(place) as Library);
}

/** The other bundle has classes of its own: what it throws at the user becomes a SqlError of this one. */
export function callSpatial(name: string, args: readonly SpatialArgument[], context: CallContext): Answer {
  try {
    return load().call(name, args, context);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SqlError') throw error;
    const { sqlstate, message, detail } = error as Error & SqlErrorFields;
    throw new SqlError({ sqlstate, message, ...(detail === undefined ? {} : { detail }) });
  }
}

/** What SIMPLIFY AUTO did to shapes of a segment's batch since it was asked last; `state`: the segment's. */
export const takeSimplified = (state: number): readonly SimplifiedShape[] => library?.takeSimplified(state) ?? [];
