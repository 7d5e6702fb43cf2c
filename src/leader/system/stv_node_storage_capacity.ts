/** STV_NODE_STORAGE_CAPACITY: blocks of 1 MB that each node uses, and its part of the disk that all share. */
import { nodeStorage } from './storage-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_node_storage_capacity',
  schema: 'pg_catalog',
  doc: 'blocks of 1 MB that each node uses, and its part of the disk that all share.',
  visibleTo: 'superuser',
  columns: columns(`
    node integer, used integer, capacity integer
  `),
  rows: async (ctx) => (await nodeStorage(ctx)).map(({ node, used, capacity }) => ({ node, used, capacity })),
});
