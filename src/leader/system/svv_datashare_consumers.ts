/**
 * SVV_DATASHARE_CONSUMERS: warehouses and accounts that a datashare was granted to.
 */
import { allows } from '../catalog/privileges.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_datashare_consumers',
  schema: 'pg_catalog',
  doc: 'warehouses and accounts that a datashare was granted to.',
  visibleTo: 'accessible',
  columns: columns(`
    share_name varchar(128), consumer_account varchar(16), consumer_namespace varchar(64),
    share_date timestamp
  `),
  rows: (ctx) =>
    ctx.catalog
      .objects('datashare')
      .filter((share) => allows(ctx.catalog, ctx.session.user, share, 'S'))
      .flatMap((share) =>
        share.consumers.map((c) => ({
          share_name: share.name,
          consumer_account: c.kind === 'account' ? c.id : null,
          consumer_namespace: c.kind === 'namespace' ? c.id : null,
          share_date: c.sinceMicros,
        })),
      ),
});
