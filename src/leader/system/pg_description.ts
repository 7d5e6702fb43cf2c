/**
 * PG_DESCRIPTION: comments on relations, columns and schemas.
 */
import type { SystemRow } from './define.ts';
import { PG_CLASS_OID, PG_DATABASE_OID, PG_NAMESPACE_OID } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

const comment = (
  objoid: number,
  classoid: number,
  objsubid: number,
  text: string | undefined,
): readonly SystemRow[] => (text === undefined ? [] : [{ objoid, classoid, objsubid, description: text }]);

export default systemView({
  name: 'pg_description',
  schema: 'pg_catalog',
  oid: 2609,
  doc: 'comments on relations, columns and schemas.',
  visibleTo: 'everyone',
  columns: columns(`
    objoid oid, classoid oid, objsubid integer, description text
  `),
  rows: (ctx) => [
    ...ctx.catalog
      .relations()
      .flatMap((r) => [
        ...comment(r.oid, PG_CLASS_OID, 0, r.comment),
        ...Object.entries(r.columnComments ?? {}).flatMap(([attnum, text]) =>
          comment(r.oid, PG_CLASS_OID, Number(attnum), text),
        ),
      ]),
    ...ctx.catalog.schemas().flatMap((s) => comment(s.oid, PG_NAMESPACE_OID, 0, s.comment)),
    ...ctx.catalog.databases().flatMap((d) => comment(d.oid, PG_DATABASE_OID, 0, d.comment)),
  ],
});
