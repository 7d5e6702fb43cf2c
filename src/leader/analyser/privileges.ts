/**
 * Privilege checks by ACL. Superusers and owners pass; PUBLIC is grantee 0, a group its negative oid. Letters as in
 * PostgreSQL: r SELECT, a INSERT, w UPDATE, d DELETE, U USAGE, C CREATE.
 */
import { permissionDenied } from '../../common/errors/catalogue.ts';
import type { AclEntry, CatalogSnapshot, RelationObject, SchemaObject, UserObject } from '../catalog/objects.ts';

export type TablePrivilege = 'r' | 'a' | 'w' | 'd';

export function hasPrivilege(
  catalog: CatalogSnapshot,
  user: UserObject,
  object: { readonly ownerOid: number; readonly acl: readonly AclEntry[] },
  privilege: string,
): boolean {
  if (user.superuser || object.ownerOid === user.oid) return true;
  const grantees = new Set([0, user.oid]);
  for (const g of catalog.groups()) if (g.users.includes(user.oid)) grantees.add(-g.oid);
  return object.acl.some((a) => grantees.has(a.grantee) && a.privileges.includes(privilege));
}

export function checkSchemaUsage(
  catalog: CatalogSnapshot,
  user: UserObject,
  schema: SchemaObject,
  position?: number,
): void {
  if (schema.temporaryOf !== undefined || hasPrivilege(catalog, user, schema, 'U')) return;
  throw permissionDenied('schema', schema.name, position);
}

export function checkTable(
  catalog: CatalogSnapshot,
  user: UserObject,
  relation: RelationObject,
  privileges: readonly TablePrivilege[],
  position?: number,
): void {
  for (const p of privileges) {
    if (!hasPrivilege(catalog, user, relation, p)) throw permissionDenied('relation', relation.name, position);
  }
}
