/**
 * What changes in the catalog, one typed value a change: transactions list them, the commit log keeps them, catalog.ts
 * applies them.
 */
import type { TableId } from '../../common/ids.ts';
import type {
  DatabaseObject,
  GroupObject,
  RelationObject,
  SchemaObject,
  TableStatistics,
  UserObject,
} from './objects.ts';

/** A typed change of the catalog inside a transaction. `put` adds or replaces by oid. */
export type CatalogChange =
  | { readonly kind: 'put-relation'; readonly database: number; readonly relation: RelationObject }
  | { readonly kind: 'drop-relation'; readonly database: number; readonly oid: TableId }
  /** Replaces a table's statistics and nothing else, whatever else happened to the table meanwhile. */
  | {
      readonly kind: 'put-statistics';
      readonly database: number;
      readonly oid: TableId;
      readonly statistics: TableStatistics;
    }
  | { readonly kind: 'put-schema'; readonly database: number; readonly schema: SchemaObject }
  | { readonly kind: 'drop-schema'; readonly database: number; readonly oid: number }
  | { readonly kind: 'put-database'; readonly object: DatabaseObject }
  | { readonly kind: 'drop-database'; readonly oid: number }
  | { readonly kind: 'put-user'; readonly user: UserObject }
  | { readonly kind: 'drop-user'; readonly oid: number }
  | { readonly kind: 'put-group'; readonly group: GroupObject }
  | { readonly kind: 'drop-group'; readonly oid: number };
