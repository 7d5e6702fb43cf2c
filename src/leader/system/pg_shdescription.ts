/**
 * PG_SHDESCRIPTION: comments on objects of the cluster.
 */
import { CLASS_NAMES, OBJECT_CLASSES } from '../catalog/classes/index.ts';
import { commentsOn } from '../catalog/comments.ts';
import type { CatalogObject, ClassName } from '../catalog/objects.ts';
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
    CLASS_NAMES.filter((of) => OBJECT_CLASSES[of].uniqueIn === 'cluster')
      .flatMap((of): readonly CatalogObject[] => ctx.catalog.objects<ClassName>(of))
      .flatMap(commentsOn)
      .map(({ catalog, oid, text }) => ({ objoid: oid, classoid: catalog.oid, description: text })),
});
