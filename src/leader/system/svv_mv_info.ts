/**
 * SVV_MV_INFO: materialized views; state 0 means they are recomputed at every refresh.
 */
import { isStale } from '../catalog/materialized-views.ts';
import { mayUse, schemaName, userName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { tf } from './step-rows.ts';

export default systemView({
  name: 'svv_mv_info',
  schema: 'pg_catalog',
  doc: 'materialized views; state 0 means they are recomputed at every refresh.',
  visibleTo: 'accessible',
  columns: columns(`
    database_name character(128), schema_name character(128), user_name character(128),
    name character(128), is_stale character(1), state integer, autorefresh character(1),
    autorewrite character(1)
  `),
  rows: (ctx) =>
    ctx.catalog.relations().flatMap((r) =>
      r.kind !== 'materialized view' || !mayUse(ctx, r)
        ? []
        : [
            {
              database_name: ctx.catalog.database.name,
              schema_name: schemaName(ctx, r.schemaOid),
              name: r.name,
              user_name: userName(ctx, r.ownerOid),
              is_stale: tf(isStale(ctx.catalog, r, (oid) => ctx.services.transactions.lastChangeLsn?.(oid) ?? 0)),
              state: 0,
              autorefresh: tf(r.autoRefresh),
              autorewrite: 'f',
            },
          ],
    ),
});
