/**
 * Who may do what. An ACL entry gives letters to a user, a group (negative oid) or everyone (0); the owner
 * and superusers may do everything. Letters: r SELECT, a INSERT, w UPDATE, d DELETE, D DROP, x REFERENCES, t
 * TRUNCATE, A ALTER on relations; U USAGE, C CREATE on schemas; C CREATE, T TEMP, U USAGE on databases. Used
 * by the commands and by the analyser's privilege checks.
 */
import { mustBeOwner, mustBeSuperuser, permissionDenied, privilegeNotFor } from '../../common/errors/catalogue.ts';
import type {
  AclEntry,
  CatalogSnapshot,
  DatabaseObject,
  RelationObject,
  SchemaObject,
  UserObject,
} from './objects.ts';

export type GrantKind = 'table' | 'schema' | 'database';

const LETTERS: Readonly<Record<GrantKind, Readonly<Record<string, string>>>> = {
  table: {
    SELECT: 'r',
    INSERT: 'a',
    UPDATE: 'w',
    DELETE: 'd',
    DROP: 'D',
    REFERENCES: 'x',
    TRUNCATE: 't',
    ALTER: 'A',
  },
  schema: { USAGE: 'U', CREATE: 'C', ALTER: 'A', DROP: 'D' },
  database: { CREATE: 'C', TEMP: 'T', TEMPORARY: 'T', USAGE: 'U', ALTER: 'A' },
};

/** Letters for privilege words; ALL gives every letter of the kind. */
export function privilegeLetters(kind: GrantKind, words: readonly string[]): string {
  const table = LETTERS[kind];
  const letters = new Set<string>();
  for (const word of words) {
    const name = word.toUpperCase();
    if (name === 'ALL' || name === 'ALL PRIVILEGES') {
      for (const letter of Object.values(table)) letters.add(letter);
      continue;
    }
    const letter = table[name];
    if (letter === undefined) throw privilegeNotFor(name, kind);
    letters.add(letter);
  }
  return [...letters].join('');
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

/** Whether an ACL with this owner gives the user the letter. */
export function allows(
  catalog: CatalogSnapshot,
  user: UserObject,
  ownerOid: number,
  acl: readonly AclEntry[],
  letter: string,
): boolean {
  if (user.superuser || user.oid === ownerOid) return true;
  return acl.some((e) => {
    if (!e.privileges.includes(letter)) return false;
    if (e.grantee === 0 || e.grantee === user.oid) return true;
    if (e.grantee > 0) return false;
    return catalog.groups().some((g) => g.oid === -e.grantee && g.users.includes(user.oid));
  });
}

/** A database's privileges: until any was granted or revoked, everyone may make temporary tables. */
export const databaseAcl = (database: DatabaseObject): readonly AclEntry[] =>
  database.acl ?? [{ grantee: 0, grantor: database.ownerOid, privileges: 'T' }];

export function requireRelationPrivilege(
  catalog: CatalogSnapshot,
  user: UserObject,
  relation: RelationObject,
  letter: string,
): void {
  if (!allows(catalog, user, relation.ownerOid, relation.acl, letter)) {
    throw permissionDenied('relation', relation.name);
  }
}
export function requireSchemaPrivilege(
  catalog: CatalogSnapshot,
  user: UserObject,
  schema: SchemaObject,
  letter: 'U' | 'C',
): void {
  if (!allows(catalog, user, schema.ownerOid, schema.acl, letter)) {
    throw permissionDenied('schema', schema.name);
  }
}
export const isOwner = (user: UserObject, object: { readonly ownerOid: number }): boolean =>
  user.superuser || user.oid === object.ownerOid;
export function requireOwner(
  user: UserObject,
  kind: 'relation' | 'schema' | 'database',
  object: { readonly ownerOid: number; readonly name: string },
): void {
  if (!isOwner(user, object)) throw mustBeOwner(kind, object.name);
}
export function requireSuperuser(user: UserObject, what: string): void {
  if (!user.superuser) throw mustBeSuperuser(what);
}
