/**
 * PG_NAMESPACE: schemas.
 */
import { aclText } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_namespace',
  schema: 'pg_catalog',
  oid: 2615,
  doc: 'schemas.',
  visibleTo: 'everyone',
  columns: columns(`
    nspname name, nspowner integer, nspacl aclitem[], oid oid
  `),
  rows: (ctx) =>
    ctx.catalog.schemas().map((s) => ({
      nspname: s.name,
      nspowner: s.ownerOid,
      nspacl: aclText(ctx, s.acl),
      oid: s.oid,
    })),
});
