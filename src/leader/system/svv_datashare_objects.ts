/**
 * SVV_DATASHARE_OBJECTS: schemas, relations and functions of datashares. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { objectRows, shareRows } from '../catalog/datashare-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_datashare_objects',
  schema: 'pg_catalog',
  doc: 'schemas, relations and functions of datashares.',
  visibleTo: 'accessible',
  columns: columns(`
    share_type varchar(8), share_name varchar(128), object_type varchar(64),
    object_name varchar(512), producer_account varchar(16), producer_namespace varchar(64),
    include_new boolean
  `),
  unknown: ['producer_account'],
  rows: (ctx) =>
    shareRows(ctx.catalog, ctx.session.user).flatMap(({ share, type }) =>
      objectRows(ctx.catalog, share).map((o) => ({
        share_type: type,
        share_name: share.name,
        object_type: o.type,
        object_name: o.name,
        producer_namespace: ctx.services.namespace,
        include_new: o.includeNew ?? null,
      })),
    ),
});
