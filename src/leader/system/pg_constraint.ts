/**
 * PG_CONSTRAINT: primary, unique and foreign keys; declared, not enforced. Columns nobody measures here are NULL
 * and listed in `unknown`.
 */
import type { SystemContext } from './define.ts';
import { arrayText, keyIndexes, tablesOf } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

/** Oid of the key index a foreign key points at, 0 when the target columns are no declared key. */
function keyOf(ctx: SystemContext, tableId: number, attnums: readonly number[]): number {
  const wanted = [...attnums].sort().join();
  const matches = (key: readonly number[]): boolean => [...key].sort().join() === wanted;
  return keyIndexes(ctx).find((i) => i.table.oid === tableId && matches(i.constraint.attnums))?.oid ?? 0;
}

export default systemView({
  name: 'pg_constraint',
  schema: 'pg_catalog',
  oid: 2606,
  doc: 'primary, unique and foreign keys; declared, not enforced.',
  visibleTo: 'everyone',
  columns: columns(`
    conname name, connamespace oid, contype "char", condeferrable boolean, condeferred boolean,
    conrelid oid, contypid oid, confrelid oid, confupdtype "char", confdeltype "char",
    confmatchtype "char", conkey smallint[], confkey smallint[], conbin text, consrc text, oid oid,
    conindid oid, conparentid oid, convalidated boolean, conislocal boolean, coninhcount integer,
    connoinherit boolean
  `),
  unknown: ['conbin', 'consrc'],
  rows: (ctx) =>
    tablesOf(ctx).flatMap((table) =>
      table.constraints.map((c) => {
        const target = c.references;
        return {
          conname: c.name,
          connamespace: table.schemaOid,
          contype: c.kind === 'foreign' ? 'f' : c.kind === 'unique' ? 'u' : 'p',
          condeferrable: false,
          condeferred: false,
          conrelid: table.oid,
          contypid: 0,
          confrelid: target?.tableId ?? 0,
          confupdtype: target === undefined ? ' ' : 'a',
          confdeltype: target === undefined ? ' ' : 'a',
          confmatchtype: target === undefined ? ' ' : 'u',
          conkey: arrayText(c.attnums),
          confkey: target === undefined ? null : arrayText(target.attnums),
          oid: c.oid,
          conindid: target === undefined ? c.oid : keyOf(ctx, target.tableId, target.attnums),
          conparentid: 0,
          convalidated: true,
          conislocal: true,
          coninhcount: 0,
          connoinherit: true,
        };
      }),
    ),
});
