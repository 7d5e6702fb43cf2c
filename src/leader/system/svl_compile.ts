/**
 * SVL_COMPILE: segments compiled for queries: compile is 1 when a module was built, 0 when it came from the
 * cache.
 */
import { columns, systemView } from './define.ts';
import { queryUsers } from './step-rows.ts';

export default systemView({
  name: 'svl_compile',
  schema: 'pg_catalog',
  doc: 'segments compiled for queries: compile is 1 when a module was built, 0 when it came from the ' + 'cache.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, xid bigint, pid integer, query integer, segment integer, locus integer,
    starttime timestamp, endtime timestamp, compile integer
  `),
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    return ctx.services.history.read('compiles').map((c) => ({
      userid: users.get(c.query) ?? null,
      xid: c.xid,
      pid: c.pid,
      query: c.query,
      segment: c.segment,
      locus: c.locus,
      starttime: c.startMicros,
      endtime: c.endMicros,
      compile: c.compile,
    }));
  },
});
