/**
 * PG_NAMESPACE: schemas.
 */
import { SCHEMA_RIGHTS, ownedAclText } from './catalog-rows.ts';
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
      nspacl: ownedAclText(ctx, s, SCHEMA_RIGHTS),
      oid: s.oid,
    })),
});
