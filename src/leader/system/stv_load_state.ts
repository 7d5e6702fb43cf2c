/**
 * STV_LOAD_STATE: how far the slices of COPYs that run now have come.
 */
import { pieceName } from '../../formats/load-work.ts';
import { columns, systemView } from './define.ts';
import { loadsRunning } from './transfer-rows.ts';

const sum = <T>(list: readonly T[], count: (item: T) => number): number => list.reduce((n, x) => n + count(x), 0);

export default systemView({
  name: 'stv_load_state',
  schema: 'pg_catalog',
  doc: 'how far the slices of COPYs that run now have come.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, session integer, query integer, slice integer, pid integer, recordtime timestamp,
    bytes_to_load bigint, bytes_loaded bigint, bytes_to_load_compressed bigint, bytes_loaded_compressed bigint,
    lines integer, num_files integer, num_files_complete integer, current_file character(256), pct_complete integer
  `),
  rows: async (ctx) => {
    const recordtime = ctx.services.clock.nowMicros();
    return (await loadsRunning(ctx)).flatMap(({ load, query, slices }) =>
      slices.flatMap(({ slice, pieces }) => {
        const work = load.work.get(slice)!;
        if (work.length === 0) return [];
        const isPacked = work[0]!.compression !== 'none';
        const toLoad = sum(work, (w) => w.end - w.start);
        const read = sum(pieces, (p) => p.objectBytes);
        const reading = pieces.findIndex((p) => p.end === 0);
        return {
          userid: load.userid,
          session: load.pid,
          query,
          slice,
          pid: load.pid,
          recordtime,
          bytes_to_load: isPacked ? 0 : toLoad,
          bytes_loaded: isPacked ? sum(pieces, (p) => p.bytes) : read,
          bytes_to_load_compressed: isPacked ? toLoad : 0,
          bytes_loaded_compressed: isPacked ? read : 0,
          lines: sum(pieces, (p) => p.lines),
          num_files: work.length,
          num_files_complete: pieces.filter((p) => p.end !== 0).length,
          current_file: reading < 0 ? '' : pieceName(work[reading]!),
          pct_complete:
            toLoad === 0
              ? reading < 0 && pieces.length === work.length
                ? 100
                : 0
              : Math.min(100, Math.floor((100 * read) / toLoad)),
        };
      }),
    );
  },
});
