/**
 * Who may do what. An ACL entry gives letters to a user, a group (negative oid) or everyone (0); the owner and superusers
 * may do everything. Which letters there are says the object's class. Used by the commands and by the analyser's privilege
 * checks.
 */
import { mustBeOwner, mustBeSuperuser, permissionDenied, privilegeNotFor } from '../../common/errors/catalogue.ts';
import { entryOf, OBJECT_CLASSES } from './classes/index.ts';
import type { AclEntry, CatalogObject, CatalogSnapshot, ClassName, UserObject } from './objects.ts';

/** Letters for privilege words; ALL gives every letter of the class. */
export function privilegeLetters(of: ClassName, words: readonly string[]): string {
  const { on, letters: table } = OBJECT_CLASSES[of].privileges ?? { on: of, letters: {} };
  const letters = new Set<string>();
  for (const word of words) {
    const name = word.toUpperCase();
    if (name === 'ALL' || name === 'ALL PRIVILEGES') {
      for (const letter of Object.values(table)) letters.add(letter);
      continue;
    }
    const letter = table[name];
    if (letter === undefined) throw privilegeNotFor(name, on);
    letters.add(letter);
  }
  return [...letters].join('');
}
/** The word of a class's letter. */
export function privilegeWord(of: ClassName, letter: string): string {
  const words = Object.entries(OBJECT_CLASSES[of].privileges?.letters ?? {}).filter(([, l]) => l === letter);
  return words[words.length - 1]?.[0] ?? letter;
}

/** The ACL with letters added for a grantee. */
export function grant(
  acl: readonly AclEntry[],
  grantee: number,
  grantor: number,
  letters: string,
): readonly AclEntry[] {
  const old = acl.find((e) => e.grantee === grantee);
  if (old === undefined) return [...acl, { grantee, grantor, privileges: letters }];
  const merged = [...new Set(old.privileges + letters)].join('');
  return acl.map((e) => (e === old ? { ...e, privileges: merged } : e));
}

/** The ACL with letters taken from a grantee. */
export function revoke(acl: readonly AclEntry[], grantee: number, letters: string): readonly AclEntry[] {
  return acl.flatMap((e) => {
    if (e.grantee !== grantee) return [e];
    const privileges = [...e.privileges].filter((l) => !letters.includes(l)).join('');
    return privileges === '' ? [] : [{ ...e, privileges }];
  });
}

type Guarded = Pick<CatalogObject, 'kind' | 'ownerOid' | 'acl'>;

/** What the object gives to whom, beside everything to its owner. */
export const aclOf = (object: Guarded): readonly AclEntry[] =>
  object.acl ?? entryOf(object).privileges?.initial?.(object) ?? [];

/** Whether the user is the grantee or one of it. */
export const isOf = (catalog: CatalogSnapshot, user: UserObject, grantee: number): boolean =>
  grantee === 0 ||
  grantee === user.oid ||
  (grantee < 0 && catalog.object('group', -grantee)?.users.includes(user.oid) === true);

/** Whether the user has the letter on the object. */
export const allows = (catalog: CatalogSnapshot, user: UserObject, object: Guarded, letter: string): boolean =>
  isOwner(user, object) || aclOf(object).some((e) => e.privileges.includes(letter) && isOf(catalog, user, e.grantee));

export function requirePrivilege(
  catalog: CatalogSnapshot,
  user: UserObject,
  object: Guarded & Pick<CatalogObject, 'name'>,
  letter: string,
): void {
  if (!allows(catalog, user, object, letter)) throw permissionDenied(entryOf(object).noun, object.name);
}
export const isOwner = (user: UserObject, object: Pick<CatalogObject, 'ownerOid'>): boolean =>
  user.superuser || user.oid === object.ownerOid;
export function requireOwner(user: UserObject, object: Pick<CatalogObject, 'kind' | 'name' | 'ownerOid'>): void {
  if (!isOwner(user, object)) throw mustBeOwner(entryOf(object).noun, object.name);
}
/** The privilege stands for the owner's right to change the object. */
export function requireOwnerOr(
  catalog: CatalogSnapshot,
  user: UserObject,
  object: Guarded & Pick<CatalogObject, 'name'>,
  letter: string,
): void {
  if (!allows(catalog, user, object, letter)) requireOwner(user, object);
}
export function requireSuperuser(user: UserObject, what: string): void {
  if (!user.superuser) throw mustBeSuperuser(what);
}
