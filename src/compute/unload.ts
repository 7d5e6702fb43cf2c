/**
 * UNLOAD on a slice: the lines of its rows go to objects of its own, which stay sealed until the leader places them.
 */
import type { UnloadTarget } from '../execution/surroundings.ts';
import type { QueryRun } from '../execution/query-run.ts';
import type { SliceBoot, UnloadWork } from '../interconnect/messages.ts';
import { PartWriter, type PartsSpec } from '../s3/part-writer.ts';

export function openUnload(work: UnloadWork, run: QueryRun, boot: SliceBoot): UnloadTarget {
  return new PartWriter(work.options as PartsSpec, boot.slice, () => run.surroundings.nowMicros());
}
