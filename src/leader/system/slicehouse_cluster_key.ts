/**
 * SLICEHOUSE_CLUSTER_KEY: the cluster's public key, as Redshift's console and DescribeClusters (ClusterPublicKey) show it: hosts that COPY
 * reads over SSH need it. Redshift has no such view; its name says so.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'slicehouse_cluster_key',
  schema: 'pg_catalog',
  doc: "the cluster's public key, for hosts that COPY reads over SSH. Slicehouse's own.",
  visibleTo: 'superuser',
  secret: true,
  columns: columns('cluster_public_key varchar'),
  rows: async (ctx) => [{ cluster_public_key: await ctx.services.clusterPublicKey() }],
});
