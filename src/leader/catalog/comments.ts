/**
 * Comments on objects, on their columns and on their parts, as COMMENT ON left them: all of them for PG_DESCRIPTION, or
 * the one of an oid for obj_description and its like.
 */
import { CLASS_NAMES, entryOf, OBJECT_CLASSES, partsOf } from './classes/index.ts';
import type { CatalogTable } from './classes/define.ts';
import type { CatalogObject, CatalogSnapshot, ClassName } from './objects.ts';

export interface ObjectComment {
  readonly catalog: CatalogTable;
  readonly oid: number;
  /** attnum of a column, 0 for the object itself. */
  readonly column: number;
  readonly text: string;
}

function partComments(object: CatalogObject): readonly ObjectComment[] {
  return partsOf(object).flatMap(({ catalog, oid, comment }) =>
    comment === undefined ? [] : [{ catalog, oid, column: 0, text: comment }],
  );
}

/** An object's comments. */
export function commentsOn(object: CatalogObject): readonly ObjectComment[] {
  const { catalog } = entryOf(object);
  const { oid, comment, columnComments = {} } = object;
  const own = comment === undefined ? [] : [{ catalog, oid, column: 0, text: comment }];
  const columns = Object.entries(columnComments).map(([attnum, text]) => ({
    catalog,
    oid,
    column: Number(attnum),
    text,
  }));
  return [...own, ...columns, ...partComments(object)];
}

const ofParts = new WeakMap<CatalogSnapshot, ReadonlyMap<number, ObjectComment>>();
/** Comments of parts by oid, gathered once for what a statement sees. */
function partsOfSnapshot(catalog: CatalogSnapshot): ReadonlyMap<number, ObjectComment> {
  let known = ofParts.get(catalog);
  if (known === undefined) {
    const objects = CLASS_NAMES.filter((of) => OBJECT_CLASSES[of].parts !== undefined).flatMap(
      (of): readonly CatalogObject[] => catalog.objects<ClassName>(of),
    );
    known = new Map(objects.flatMap(partComments).map((comment) => [comment.oid, comment]));
    ofParts.set(catalog, known);
  }
  return known;
}

/** The comment on the object of that oid; without the name of a catalog table, of whatever class it is. */
export function commentOf(catalog: CatalogSnapshot, oid: number, column: number, table?: string): string | undefined {
  for (const of of CLASS_NAMES) {
    if (table !== undefined && OBJECT_CLASSES[of].catalog.name !== table) continue;
    const object = catalog.object<ClassName>(of, oid);
    const text = column === 0 ? object?.comment : object?.columnComments?.[column];
    if (text !== undefined) return text;
  }
  const part = column === 0 ? partsOfSnapshot(catalog).get(oid) : undefined;
  return table === undefined || part?.catalog.name === table ? part?.text : undefined;
}
