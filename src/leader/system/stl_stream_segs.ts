/**
 * STL_STREAM_SEGS: which segments ran in which stream.
 */
import type { SystemRow } from './define.ts';
import { columns, systemView } from './define.ts';
import { queryUsers } from './step-rows.ts';

export default systemView({
  name: 'stl_stream_segs',
  schema: 'pg_catalog',
  doc: 'which segments ran in which stream.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, stream integer, segment integer
  `),
  rows: (ctx) => {
    const users = queryUsers(ctx);
    const seen = new Map<string, SystemRow>();
    for (const s of ctx.services.history.steps()) {
      seen.set(`${s.query}.${s.stream}.${s.segment}`, {
        userid: users.get(s.query) ?? null,
        query: s.query,
        stream: s.stream,
        segment: s.segment,
      });
    }
    return [...seen.values()];
  },
});
