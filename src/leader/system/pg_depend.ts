/**
 * PG_DEPEND: what objects and their parts depend on. A view depends by its rule, a foreign key on the key it leads to.
 */
import type { TableId } from '../../common/ids.ts';
import { Sequence } from '../../common/sequence.ts';
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
function foreignKeyRows(object: CatalogObject, keys: () => ReadonlyMap<string, KeyIndex>): readonly SystemRow[] {
  if (object.kind !== 'table' || object.constraints.every((c) => c.references === undefined)) return [];
  const parts = new Map(partsOf(object).map((p) => [p.oid, p]));
  return object.constraints.flatMap(({ oid, references }) => {
    const key = references && keys().get(keyOf(references.tableId, references.attnums));
    const part = parts.get(oid);
    return key === undefined || part === undefined
      ? []
      : [depends(part.catalog.oid, oid, entryOf(object).catalog.oid, key.oid, 'n')];
  });
}
const keyOf = (tableId: TableId, attnums: readonly number[]): string => `${tableId}:${attnums.join()}`;

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
    let found: ReadonlyMap<string, KeyIndex> | undefined;
    const keys = (): ReadonlyMap<string, KeyIndex> =>
      (found ??= new Map(keyIndexes(ctx).map((k) => [keyOf(k.table.oid, k.constraint.attnums), k])));
    const classes = CLASS_NAMES.filter((of) => OBJECT_CLASSES[of].uniqueIn !== 'cluster');
    return Sequence.of(classes)
      .flatMap((of): readonly CatalogObject[] => ctx.catalog.objects<ClassName>(of))
      .flatMap((object) => [...rowsOf(object), ...foreignKeyRows(object, keys)]);
  },
});
