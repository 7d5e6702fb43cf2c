/**
 * SLICEHOUSE_NODES: the compute nodes as their supervisors see them. Redshift has no such view; its name says so.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'slicehouse_nodes',
  schema: 'pg_catalog',
  doc: "compute nodes: up, recovering or lost, since when, how often started, why it last went down. Slicehouse's own.",
  visibleTo: 'everyone',
  columns: columns(`
    node integer, state varchar, since timestamp, starts integer, last_down_ms integer,
    last_cause varchar
  `),
  rows: (ctx) =>
    ctx.services.nodes.list().map((n) => ({
      node: n.node,
      state: n.state,
      since: n.sinceMicros,
      starts: n.starts,
      last_down_ms: n.downMs,
      last_cause: (n.cause.split('\n')[0] ?? '').slice(0, 512),
    })),
});
