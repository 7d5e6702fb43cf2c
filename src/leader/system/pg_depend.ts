/**
 * PG_DEPEND: what objects and their parts depend on. A view depends by its rule, a foreign key on the key it leads to.
 */
import { CLASS_NAMES, dependenciesOf, entryOf, OBJECT_CLASSES, partsOf } from '../catalog/classes/index.ts';
import type { CatalogObject, ClassName } from '../catalog/objects.ts';
import { keyIndexes, PG_REWRITE_OID, type KeyIndex } from './catalog-rows.ts';
import type { SystemRow } from './define.ts';
import { columns, systemView } from './define.ts';

const CODES = { normal: 'n', auto: 'a' } as const;

const depends = (
  classid: number,
  objid: number,
  refclassid: number,
  refobjid: number,
  deptype: string,
): SystemRow => ({
  classid,
  objid,
  objsubid: 0,
  refclassid,
  refobjid,
  refobjsubid: 0,
  deptype,
});

function rowsOf(object: CatalogObject): readonly SystemRow[] {
  const own = entryOf(object).catalog.oid;
  const byRule = object.kind === 'view' || object.kind === 'materialized view';
  const classid = byRule ? PG_REWRITE_OID : own;
  const needed = dependenciesOf(object).flatMap(({ class: of, oid, behaviour }) =>
    behaviour === 'part' ? [] : [depends(classid, object.oid, OBJECT_CLASSES[of].catalog.oid, oid, CODES[behaviour])],
  );
  const rule = byRule ? [depends(PG_REWRITE_OID, object.oid, own, object.oid, 'i')] : [];
  const parts = partsOf(object).map((part) => depends(part.catalog.oid, part.oid, own, object.oid, 'a'));
  return [...needed, ...rule, ...parts];
}

/** Foreign keys to the index of the key they lead to. */
function foreignKeyRows(object: CatalogObject, keys: readonly KeyIndex[]): readonly SystemRow[] {
  if (object.kind !== 'table') return [];
  return object.constraints.flatMap(({ oid, references }) => {
    const key = keys.find(
      (i) => i.table.oid === references?.tableId && i.constraint.attnums.join() === references.attnums.join(),
    );
    const part = partsOf(object).find((p) => p.oid === oid);
    return key === undefined || part === undefined
      ? []
      : [depends(part.catalog.oid, oid, entryOf(object).catalog.oid, key.oid, 'n')];
  });
}

export default systemView({
  name: 'pg_depend',
  schema: 'pg_catalog',
  oid: 2608,
  doc: 'what views, storage tables of materialized views and foreign keys depend on.',
  visibleTo: 'everyone',
  columns: columns(`
    classid oid, objid oid, objsubid integer, refclassid oid, refobjid oid, refobjsubid integer,
    deptype "char"
  `),
  rows: (ctx) => {
    const keys = keyIndexes(ctx);
    return CLASS_NAMES.filter((of) => OBJECT_CLASSES[of].uniqueIn !== 'cluster')
      .flatMap((of): readonly CatalogObject[] => ctx.catalog.objects<ClassName>(of))
      .flatMap((object) => [...rowsOf(object), ...foreignKeyRows(object, keys)]);
  },
});
