/**
 * What a new object gives to whom: its maker's default privileges, or what objects of the kind give to begin with (everybody
 * may execute a function).
 */
import type { AclEntry, CatalogSnapshot, DefaultPrivilegesObject } from './objects.ts';
import { grant } from './privileges.ts';

export type DefaultKind = DefaultPrivilegesObject['objects'];

/** The name under which the entry is kept. */
export const defaultName = (owner: number, inSchema: number | undefined, objects: DefaultKind): string =>
  `${owner} ${inSchema ?? 0} ${objects}`;

const BEFORE: Readonly<Record<DefaultKind, string>> = { tables: '', functions: 'X', procedures: '' };
/** What PUBLIC has while nothing else was said. */
export const builtInDefault = (objects: DefaultKind, owner: number): readonly AclEntry[] =>
  BEFORE[objects] === '' ? [] : [{ grantee: 0, grantor: owner, privileges: BEFORE[objects] }];

export function initialAcl(
  catalog: CatalogSnapshot,
  objects: DefaultKind,
  owner: number,
  schemaOid: number,
): readonly AclEntry[] {
  const entry = (inSchema?: number): readonly AclEntry[] | undefined =>
    catalog.named('default-privileges', defaultName(owner, inSchema, objects))?.acl;
  const all = entry() ?? builtInDefault(objects, owner);
  return (entry(schemaOid) ?? []).reduce((acl, e) => {
    const plain = grant(acl, e.grantee, e.grantor, e.privileges);
    return e.grantable === undefined ? plain : grant(plain, e.grantee, e.grantor, e.grantable, true);
  }, all);
}
