/**
 * STL_STREAM_SEGS: which segments ran in which stream.
 */
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
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    return ctx.services.history.runSteps().flatMap((steps) => {
      const segments = new Map(steps.map((s) => [`${s.stream}.${s.segment}`, s]));
      return [...segments.values()].map(({ query, stream, segment }) => ({
        userid: users.get(query) ?? null,
        query,
        stream,
        segment,
      }));
    });
  },
});
