/**
 * PG_SHDESCRIPTION: comments on databases.
 */
import { PG_DATABASE_OID } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_shdescription',
  schema: 'pg_catalog',
  oid: 2396,
  doc: 'comments on databases.',
  visibleTo: 'everyone',
  columns: columns(`
    objoid oid, classoid oid, description text
  `),
  rows: (ctx) =>
    ctx.catalog
      .databases()
      .flatMap((d) =>
        d.comment === undefined ? [] : [{ objoid: d.oid, classoid: PG_DATABASE_OID, description: d.comment }],
      ),
});
