/**
 * UNLOAD on a slice: the lines of its rows go to objects of its own, which stay sealed until the leader places them.
 * `check` throws when the node is out of service: its lines must not reach an object.
 */
import type { UnloadTarget } from '../steps/host.ts';
import type { QueryRun } from '../execution/query-run.ts';
import type { SliceBoot, UnloadWork } from '../execution/messages.ts';
import { PartWriter, type PartsSpec } from '../s3/part-writer.ts';

export function openUnload(work: UnloadWork, run: QueryRun, boot: SliceBoot, check: () => void): UnloadTarget {
  const parts = new PartWriter(work.options as PartsSpec, boot.slice, () => run.surroundings.nowMicros());
  return {
    write: (lines, rows) => {
      check();
      parts.write(lines, rows);
    },
    finish: () => {
      check();
      return parts.finish();
    },
    abort: () => parts.abort(),
  };
}
