/**
 * UNLOAD on a slice: the lines of its rows go to the node's object I/O thread, which makes objects of them that stay sealed
 * until the leader places them. `check` throws when the node is out of service: its lines must not reach an object.
 */
import type { UnloadWork } from '../execution/messages.ts';
import type { QueryRun } from '../execution/query-run.ts';
import type { ParquetUnload } from '../formats/parquet/parquet-rows.ts';
import type { PartsSpec } from '../s3/part-writer.ts';
import type { UnloadTarget } from '../steps/host.ts';
import type { ObjectIoClient } from './object-io/io-client.ts';
import { ParquetTarget } from './parquet-target.ts';

export function openUnload(
  work: UnloadWork,
  run: QueryRun,
  objects: ObjectIoClient,
  check: () => void,
): UnloadTarget {
  const sink = objects.create(work.options as PartsSpec);
  if (work.columnar !== undefined) return new ParquetTarget(run, work.columnar as ParquetUnload, sink, check);
  return {
    write: (lines, rows) => {
      check();
      return sink.write(lines, rows);
    },
    writeLong: (pieces) => {
      check();
      return sink.writeLong(pieces);
    },
    finish: () => {
      check();
      return sink.finish();
    },
    abort: () => sink.abort(),
  };
}
