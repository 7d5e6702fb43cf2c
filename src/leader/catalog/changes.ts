/**
 * What changes in the catalog, one typed value a change: transactions list them, the commit log keeps them, catalog.ts
 * applies them.
 */
import type { TableId } from '../../common/ids.ts';
import { classOf, OBJECT_CLASSES } from './classes/index.ts';
import type { CatalogObject, ClassName, TableStatistics } from './objects.ts';

/** Stands for the database of objects that belong to all of them. */
export const CLUSTER = 0;

/** A typed change of the catalog inside a transaction. */
export type CatalogChange =
  /** Adds the object, or replaces the one of its class and oid. */
  | { readonly kind: 'put-object'; readonly database: number; readonly object: CatalogObject }
  | { readonly kind: 'drop-object'; readonly database: number; readonly class: ClassName; readonly oid: number }
  /** Replaces a table's statistics and nothing else, whatever else happened to the table meanwhile. */
  | {
      readonly kind: 'put-statistics';
      readonly database: number;
      readonly oid: TableId;
      readonly statistics: TableStatistics;
    };

/** Where objects of a class are kept that are made in the database. */
export const spaceOf = (of: ClassName, database: number): number =>
  OBJECT_CLASSES[of].uniqueIn === 'cluster' ? CLUSTER : database;

export const putChange = (database: number, object: CatalogObject): CatalogChange => ({
  kind: 'put-object',
  database: spaceOf(classOf(object), database),
  object,
});
export function dropChange(database: number, object: Pick<CatalogObject, 'kind' | 'oid'>): CatalogChange {
  const of = classOf(object);
  return { kind: 'drop-object', database: spaceOf(of, database), class: of, oid: object.oid };
}

interface Changing {
  readonly database: number;
  changeCatalog(change: CatalogChange): void;
}
/** Puts the object in the transaction's database, or in the cluster when its class is the cluster's. */
export const putObject = (transaction: Changing, object: CatalogObject): void =>
  transaction.changeCatalog(putChange(transaction.database, object));
/** Sets a table's statistics; putting the table itself does not. */
export const putStatistics = (transaction: Changing, oid: TableId, statistics: TableStatistics): void =>
  transaction.changeCatalog({ kind: 'put-statistics', database: transaction.database, oid, statistics });
export const dropObject = (transaction: Changing, object: Pick<CatalogObject, 'kind' | 'oid'>): void =>
  transaction.changeCatalog(dropChange(transaction.database, object));
