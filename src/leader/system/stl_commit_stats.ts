/**
 * STL_COMMIT_STATS: commits, one row per node; node -1 is the leader. Columns nobody measures here are NULL and
 * listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_commit_stats',
  schema: 'pg_catalog',
  doc: 'commits, one row per node; node -1 is the leader.',
  visibleTo: 'superuser',
  columns: columns(`
    xid bigint, node integer, startqueue timestamp, startwork timestamp, endflush timestamp,
    endstage timestamp, endlocal timestamp, startglobal timestamp, endtime timestamp, queuelen bigint,
    permblocks bigint, newblocks bigint, dirtyblocks bigint, headers bigint, numxids integer,
    oldestxid bigint, extwritelatency bigint, metadatawritten integer, tombstonedblocks bigint,
    tossedblocks bigint, batched_by bigint
  `),
  unknown: [
    'startqueue',
    'endflush',
    'endstage',
    'endlocal',
    'startglobal',
    'queuelen',
    'permblocks',
    'dirtyblocks',
    'headers',
    'numxids',
    'oldestxid',
    'extwritelatency',
    'metadatawritten',
    'tombstonedblocks',
    'tossedblocks',
    'batched_by',
  ],
  rows: (ctx) =>
    ctx.services.history.read('commits').map((c) => ({
      xid: c.xid,
      node: c.node,
      startwork: c.startMicros,
      endtime: c.endMicros,
      newblocks: c.blocks,
    })),
});
