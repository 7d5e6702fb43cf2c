/**
 * SVV_DATASHARES: datashares of the user, and once more those that databases here were made from. Columns nobody measures here are
 * NULL and listed in `unknown`.
 */
import { shareRows } from '../catalog/datashare-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_datashares',
  schema: 'pg_catalog',
  doc: 'datashares of the user, and once more those that databases here were made from.',
  visibleTo: 'accessible',
  columns: columns(`
    share_name varchar(128), share_id integer, share_owner integer,
    source_database varchar(128), consumer_database varchar(128), share_type varchar(8),
    createdate timestamp, is_publicaccessible boolean, share_acl varchar(256),
    producer_account varchar(16), producer_namespace varchar(64), managed_by varchar(64)
  `),
  unknown: ['share_acl', 'producer_account', 'managed_by'],
  rows: (ctx) =>
    shareRows(ctx.catalog, ctx.session.user).map(({ share, type, source, consumer }) => ({
      share_name: share.name,
      share_id: share.oid,
      share_owner: type === 'OUTBOUND' ? share.ownerOid : null,
      source_database: source,
      consumer_database: consumer,
      share_type: type,
      createdate: share.createdAtMicros,
      is_publicaccessible: share.isPublic,
      producer_namespace: ctx.services.namespace,
    })),
});
