/**
 * Whom privileges are given to, as one number: users have their own, 0 is everybody, groups are negative, roles and policies
 * lie above every oid. And who speaks for whom: a user for PUBLIC, its groups, its roles and the roles granted to these.
 */
import type { CatalogSnapshot, GroupObject, ObjectReference, RoleObject, UserObject } from './objects.ts';

export const PUBLIC = 0;
/** Roles lie above every oid. */
const FIRST_ROLE = 2 ** 40;

export type GranteeKind = 'public' | 'user' | 'group' | 'role';
export interface Grantee {
  readonly kind: GranteeKind;
  /** 0 for PUBLIC. */
  readonly oid: number;
  /** 'public' for everybody; undefined when it is gone. */
  readonly name: string | undefined;
}

export const roleGrantee = (oid: number): number => FIRST_ROLE + oid;
/** Undefined stands for PUBLIC. */
export function granteeOf(object: UserObject | GroupObject | RoleObject | undefined): number {
  if (object === undefined) return PUBLIC;
  if (object.kind === 'group') return -object.oid;
  return object.kind === 'role' ? roleGrantee(object.oid) : object.oid;
}

/** The object that the number means; undefined for PUBLIC. */
export function granteeReference(grantee: number): ObjectReference | undefined {
  if (grantee === PUBLIC) return undefined;
  if (grantee < 0) return { class: 'group', oid: -grantee };
  return grantee < FIRST_ROLE ? { class: 'user', oid: grantee } : { class: 'role', oid: grantee - FIRST_ROLE };
}

/** Who the number means. */
export function granteeNamed(catalog: CatalogSnapshot, grantee: number): Grantee {
  const reference = granteeReference(grantee);
  if (reference === undefined) return { kind: 'public', oid: 0, name: 'public' };
  const { class: kind, oid } = reference as ObjectReference & { readonly class: 'user' | 'group' | 'role' };
  return { kind, oid, name: catalog.object<'user' | 'group' | 'role'>(kind, oid)?.name };
}

/** By state of the catalog. */
const KNOWN = new WeakMap<object, Map<number, ReadonlySet<number>>>();

function speakers(catalog: CatalogSnapshot, grantee: number): ReadonlySet<number> {
  const found = new Set([PUBLIC, grantee]);
  for (const group of catalog.groups()) if (group.users.includes(grantee)) found.add(-group.oid);
  const roles = catalog.objects('role');
  const open = [grantee];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { oid, members } of roles) {
      const role = roleGrantee(oid);
      if (found.has(role) || !members.some((m) => m.grantee === next)) continue;
      found.add(role);
      open.push(role);
    }
  }
  return found;
}

/** All whose privileges a user or a role has: itself, PUBLIC, its groups, its roles and theirs. */
export function identitiesOf(catalog: CatalogSnapshot, grantee: number): ReadonlySet<number> {
  const { state } = catalog;
  if (state === undefined) return speakers(catalog, grantee);
  let known = KNOWN.get(state);
  if (known === undefined) KNOWN.set(state, (known = new Map()));
  let found = known.get(grantee);
  if (found === undefined) known.set(grantee, (found = speakers(catalog, grantee)));
  return found;
}

/** The roles a user or a role has, itself included when it is one. */
export const rolesOf = (catalog: CatalogSnapshot, grantee: number): readonly RoleObject[] => {
  const identities = identitiesOf(catalog, grantee);
  return catalog.objects('role').filter((role) => identities.has(roleGrantee(role.oid)));
};
