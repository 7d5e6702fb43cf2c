/**
 * Who may do what. An ACL entry gives letters to a grantee (grantees.ts); the owner and superusers may do everything. Which letters there are says the object's class. Used by the commands and by the analyser's privilege
 * checks.
 */
import { mustBeOwner, mustBeSuperuser, permissionDenied, privilegeNotFor } from '../../common/errors/catalogue.ts';
import { entryOf, OBJECT_CLASSES } from './classes/index.ts';
import { identitiesOf } from './grantees.ts';
import { hasSystemPrivilege } from './system-privileges.ts';
import type { SystemPrivilege } from './system-privilege-names.ts';
import type {
  AclEntry,
  CatalogColumn,
  CatalogObject,
  CatalogSnapshot,
  ClassName,
  ObjectKind,
  RelationObject,
  ScopedGrant,
  UserObject,
} from './objects.ts';

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

const lettersOf = (...texts: readonly string[]): string => [...new Set(texts.join(''))].join('');
const without = (letters: string, gone: string): string => [...letters].filter((l) => !gone.includes(l)).join('');

function entry(
  { grantee, grantor }: Pick<AclEntry, 'grantee' | 'grantor'>,
  privileges: string,
  grantable: string,
): readonly AclEntry[] {
  if (privileges === '') return [];
  return [{ grantee, grantor, privileges, ...(grantable === '' ? {} : { grantable }) }];
}

/** The ACL with letters added for a grantee. */
export function grant(
  acl: readonly AclEntry[],
  grantee: number,
  grantor: number,
  letters: string,
  option = false,
): readonly AclEntry[] {
  const grantable = option ? letters : '';
  const old = acl.find((e) => e.grantee === grantee && e.grantor === grantor);
  if (old === undefined) return [...acl, ...entry({ grantee, grantor }, letters, grantable)];
  const merged = entry(old, lettersOf(old.privileges, letters), lettersOf(old.grantable ?? '', grantable));
  return acl.flatMap((e) => (e === old ? merged : [e]));
}

/**
 * The ACL with letters taken from a grantee: those that `grantor` gave, and those given by others who may not give them (a
 * superuser, or an owner before). `optionOnly` takes the right to give them on.
 */
export function revoke(
  acl: readonly AclEntry[],
  grantee: number,
  letters: string,
  grantor?: number,
  optionOnly = false,
): readonly AclEntry[] {
  const gives = (who: number): string =>
    lettersOf(...acl.filter((e) => e.grantee === who).map((e) => e.grantable ?? ''));
  return acl.flatMap((e) => {
    if (e.grantee !== grantee) return [e];
    const taken = grantor === undefined || e.grantor === grantor ? letters : without(letters, gives(e.grantor));
    return entry(e, optionOnly ? e.privileges : without(e.privileges, taken), without(e.grantable ?? '', taken));
  });
}

/** Whether letters are in it that were given on by somebody who may give them no more. */
export function hasDependents(before: readonly AclEntry[], after: readonly AclEntry[]): boolean {
  const grantable = (acl: readonly AclEntry[], who: number, letter: string): boolean =>
    acl.some((e) => e.grantee === who && e.grantable?.includes(letter) === true);
  return after.some((e) =>
    [...e.privileges].some((l) => grantable(before, e.grantor, l) && !grantable(after, e.grantor, l)),
  );
}

/** The ACL after another user has become the owner, who gave what the owner before gave. */
export function ownedBy<O extends CatalogObject & { readonly ownerOid: number }>(object: O, owner: number): O {
  const old = object.ownerOid;
  const moved = (acl: readonly AclEntry[]): readonly AclEntry[] =>
    acl
      .filter((e) => e.grantee !== owner || e.grantor !== old)
      .map((e) => ({ ...e, grantor: e.grantor === old ? owner : e.grantor }));
  return { ...object, ownerOid: owner, ...(object.acl === undefined ? {} : { acl: moved(object.acl) }) };
}

type Guarded = Pick<CatalogObject, 'kind' | 'name' | 'ownerOid' | 'schemaOid' | 'acl'>;

/** What the object gives to whom, beside everything to its owner. */
export const aclOf = (object: Guarded): readonly AclEntry[] =>
  object.acl ?? entryOf(object).privileges?.initial?.(object) ?? [];

/** What is given on the object, on parts of it and in it. */
export function aclsOf(object: CatalogObject): readonly (readonly AclEntry[])[] {
  const own = object.acl === undefined ? [] : [object.acl];
  if (object.kind === 'schema' || object.kind === 'database')
    return [...own, ...(object.scoped ?? []).map((s) => s.acl)];
  if (entryOf(object).noun !== 'relation') return own;
  const { columns, rowSecurity, masks = [] } = object as RelationObject;
  const attached = [...(rowSecurity?.policies ?? []), ...masks].map((a) => ({ ...a, privileges: '' }));
  return [...own, attached, ...columns.flatMap((c) => (c.acl === undefined ? [] : [c.acl]))];
}

/** Whether the user is the grantee or one of it. */
export const isOf = (catalog: CatalogSnapshot, user: Pick<UserObject, 'oid'>, grantee: number): boolean =>
  identitiesOf(catalog, user.oid).has(grantee);

const SCOPED_WORDS: Readonly<Partial<Record<ObjectKind, ScopedGrant['objects']>>> = {
  schema: 'schemas',
  table: 'tables',
  view: 'tables',
  'materialized view': 'tables',
  function: 'functions',
  procedure: 'procedures',
  language: 'languages',
};

/** What is given on all of the object's kind in its schema and its database. */
function* scopedOn(catalog: CatalogSnapshot, { kind, schemaOid }: Guarded): Iterable<AclEntry> {
  const word = SCOPED_WORDS[kind];
  if (word === undefined) return;
  const schema = schemaOid === undefined ? undefined : catalog.schemaByOid(schemaOid);
  for (const { objects, acl } of [...(schema?.scoped ?? []), ...(catalog.database.scoped ?? [])]) {
    if (objects === word) yield* acl;
  }
}

/** Whether the letter is given to the user or to whoever speaks for it, owners and superusers aside. */
export function isGiven(
  catalog: CatalogSnapshot,
  identities: ReadonlySet<number>,
  object: Guarded,
  letter: string,
  option = false,
): boolean {
  const gives = (e: AclEntry): boolean =>
    (option ? (e.grantable ?? '') : e.privileges).includes(letter) && identities.has(e.grantee);
  if (aclOf(object).some(gives)) return true;
  for (const e of scopedOn(catalog, object)) if (gives(e)) return true;
  return false;
}

/** Whether the user has the letter on the object. */
export function allows(catalog: CatalogSnapshot, user: UserObject, object: Guarded, letter: string): boolean {
  if (isOwner(user, object)) return true;
  if (isGiven(catalog, identitiesOf(catalog, user.oid), object, letter)) return true;
  const system = entryOf(object).privileges?.system?.(object)[letter];
  return system !== undefined && hasSystemPrivilege(catalog, user, system);
}

/** Whether the user has the letter on the column, by itself or with the whole relation. */
export const allowsColumn = (
  catalog: CatalogSnapshot,
  user: UserObject,
  relation: RelationObject,
  column: CatalogColumn,
  letter: string,
): boolean =>
  column.acl?.some((e) => e.privileges.includes(letter) && isOf(catalog, user, e.grantee)) === true ||
  allows(catalog, user, relation, letter);

export function requirePrivilege(catalog: CatalogSnapshot, user: UserObject, object: Guarded, letter: string): void {
  if (!allows(catalog, user, object, letter)) throw permissionDenied(entryOf(object).noun, object.name);
}
export const isOwner = (user: UserObject, object: Pick<CatalogObject, 'ownerOid'>): boolean =>
  user.superuser || user.oid === object.ownerOid;
export function requireOwner(user: UserObject, object: Pick<CatalogObject, 'kind' | 'name' | 'ownerOid'>): void {
  if (!isOwner(user, object)) throw mustBeOwner(entryOf(object).noun, object.name);
}
/** The privilege stands for the owner's right to change the object. */
export function requireOwnerOr(catalog: CatalogSnapshot, user: UserObject, object: Guarded, letter: string): void {
  if (!allows(catalog, user, object, letter)) requireOwner(user, object);
}
/** Superusers may, and members of a role with the system privilege. */
export function requireSystemPrivilege(
  catalog: CatalogSnapshot,
  user: UserObject,
  privilege: SystemPrivilege,
  what: string,
): void {
  if (!hasSystemPrivilege(catalog, user, privilege)) throw mustBeSuperuser(what);
}
export function requireSuperuser(user: UserObject, what: string): void {
  if (!user.superuser) throw mustBeSuperuser(what);
}
