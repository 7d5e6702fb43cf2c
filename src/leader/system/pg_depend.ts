/**
 * PG_DEPEND: what views and foreign keys depend on.
 */
import type { SystemRow } from './define.ts';
import { PG_CLASS_OID, PG_CONSTRAINT_OID, PG_REWRITE_OID, keyIndexes, tablesOf } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

const depends = (classid: number, objid: number, refobjid: number, deptype: string): SystemRow => ({
  classid,
  objid,
  objsubid: 0,
  refclassid: PG_CLASS_OID,
  refobjid,
  refobjsubid: 0,
  deptype,
});

export default systemView({
  name: 'pg_depend',
  schema: 'pg_catalog',
  oid: 2608,
  doc: 'what views and foreign keys depend on.',
  visibleTo: 'everyone',
  columns: columns(`
    classid oid, objid oid, objsubid integer, refclassid oid, refobjid oid, refobjsubid integer,
    deptype "char"
  `),
  rows: (ctx) => [
    ...ctx.catalog
      .relations()
      .flatMap((r) =>
        r.kind === 'table' ? [] : r.dependsOn.map((target) => depends(PG_REWRITE_OID, r.oid, target, 'n')),
      ),
    ...ctx.catalog
      .relations()
      .flatMap((r) => (r.kind === 'table' ? [] : [depends(PG_REWRITE_OID, r.oid, r.oid, 'i')])),
    ...tablesOf(ctx).flatMap((table) =>
      table.constraints.flatMap((c) => {
        const target = c.references;
        const own = depends(PG_CONSTRAINT_OID, c.oid, table.oid, 'a');
        if (target === undefined) return [own];
        const wanted = target.attnums.join();
        const key = keyIndexes(ctx).find(
          (i) => i.table.oid === target.tableId && i.constraint.attnums.join() === wanted,
        );
        return key === undefined ? [own] : [own, depends(PG_CONSTRAINT_OID, c.oid, key.oid, 'n')];
      }),
    ),
  ],
});
