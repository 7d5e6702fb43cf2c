/**
 * PG_DESCRIPTION: comments on objects, their columns and their parts.
 */
import { Sequence } from '../../common/sequence.ts';
import { CLASS_NAMES } from '../catalog/classes/index.ts';
import { commentsOn } from '../catalog/comments.ts';
import type { CatalogObject, ClassName } from '../catalog/objects.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_description',
  schema: 'pg_catalog',
  oid: 2609,
  doc: 'comments on relations, columns, constraints, schemas and databases.',
  visibleTo: 'everyone',
  columns: columns(`
    objoid oid, classoid oid, objsubid integer, description text
  `),
  rows: (ctx) =>
    Sequence.of(CLASS_NAMES)
      .flatMap((of): readonly CatalogObject[] => ctx.catalog.objects<ClassName>(of))
      .flatMap((object) =>
        commentsOn(object).map(({ catalog, oid, column, text }) => ({
          objoid: oid,
          classoid: catalog.oid,
          objsubid: column,
          description: text,
        })),
      ),
});
