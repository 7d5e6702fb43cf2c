/**
 * UNLOAD on a slice.
 */
import { featureNotSupported } from '../common/errors/catalogue.ts';
import type { SliceBoot, UnloadWork } from '../interconnect/messages.ts';
import type { UnloadTarget } from '../execution/surroundings.ts';
import type { QueryRun } from '../execution/query-run.ts';

export function openUnload(_work: UnloadWork, _run: QueryRun, _boot: SliceBoot): UnloadTarget {
  throw featureNotSupported('UNLOAD');
}
