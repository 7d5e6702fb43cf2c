/**
 * STV_SLICES: which node each slice belongs to.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_slices',
  schema: 'pg_catalog',
  doc: 'which node each slice belongs to.',
  visibleTo: 'everyone',
  columns: columns(`
    node integer, slice integer, localslice integer, type character(1)
  `),
  rows: (ctx) =>
    Array.from({ length: ctx.services.topology.sliceCount }, (_, slice) => {
      const node = ctx.services.topology.nodeOf(slice);
      return { node: node, slice: slice, localslice: slice - node * ctx.services.topology.slicesPerNode, type: 'D' };
    }),
});
