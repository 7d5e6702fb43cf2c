/**
 * What functions of SQL ask of privileges: has_*_privilege, *_is_member_of, what the session's user may do. The answers are
 * those of the checks themselves. leader.ts gives it to host functions.
 */
import type { AclEntry, CatalogObject, CatalogSnapshot, ClassName, RelationObject, UserObject } from './objects.ts';
import type { RightsView } from '../../functions/leader-context.ts';
import { identitiesOf, roleGrantee, granteeOf } from './grantees.ts';
import { isGiven, isOwner } from './privileges.ts';
import { SYSTEM_PRIVILEGES } from './system-privilege-names.ts';
import { hasSystemPrivilege } from './system-privileges.ts';
import { OBJECT_CLASSES } from './classes/index.ts';

type Asked = { readonly letter: string; readonly option: boolean };

/** 'select, insert with grant option' in letters of the class; undefined for words that are none. */
function lettersAsked(of: ClassName, text: string): readonly Asked[] | string {
  const table = OBJECT_CLASSES[of].privileges?.letters ?? {};
  const asked: Asked[] = [];
  for (const part of text.split(',')) {
    const word = part.trim().toUpperCase().replace(/\s+/g, ' ');
    const option = word.endsWith(' WITH GRANT OPTION');
    const name = option ? word.slice(0, -' WITH GRANT OPTION'.length) : word;
    const letter = table[name] ?? (['RULE', 'TRIGGER', 'CONNECT'].includes(name) ? '' : undefined);
    if (letter === undefined) return part.trim();
    asked.push({ letter, option });
  }
  return asked;
}

const gives = (acl: readonly AclEntry[], identities: ReadonlySet<number>, { letter, option }: Asked): boolean =>
  acl.some((e) => identities.has(e.grantee) && (option ? (e.grantable ?? '') : e.privileges).includes(letter));

function holds(
  catalog: CatalogSnapshot,
  who: { readonly grantee: number; readonly user: UserObject | undefined },
  object: CatalogObject,
  asked: readonly Asked[],
  columns: readonly (readonly AclEntry[])[] = [],
): boolean {
  if (who.user !== undefined && isOwner(who.user, object)) return true;
  const identities = identitiesOf(catalog, who.grantee);
  return asked.some(
    (a) =>
      a.letter !== '' &&
      (isGiven(catalog, identities, object, a.letter, a.option) || columns.some((acl) => gives(acl, identities, a))),
  );
}

export function rightsOf(catalog: CatalogSnapshot, session: { readonly user: UserObject }): RightsView {
  const whoIs = (who: string | number | undefined) => {
    if (who === undefined) return { grantee: session.user.oid, user: session.user };
    const user = typeof who === 'number' ? catalog.userByOid(who) : catalog.user(who);
    if (user !== undefined) return { grantee: user.oid, user };
    if (who === 'public') return { grantee: 0, user: undefined };
    const role = typeof who === 'number' ? catalog.object('role', who) : catalog.named('role', who);
    return role && { grantee: granteeOf(role), user: undefined };
  };
  const objectOf = (of: ClassName, oid: number): CatalogObject | undefined => catalog.object<ClassName>(of, oid);
  return {
    knows: (who) => whoIs(who) !== undefined,
    isSuperuser: (who) => whoIs(who)?.user?.superuser === true,
    badWord(of, privileges) {
      const asked = lettersAsked(of, privileges);
      return typeof asked === 'string' ? asked : undefined;
    },
    holds(who, of, oid, privileges, column) {
      const asked = lettersAsked(of, privileges);
      const found = whoIs(who);
      const object = objectOf(of, oid);
      if (typeof asked === 'string' || found === undefined || object === undefined) return false;
      if (column === undefined) return holds(catalog, found, object, asked);
      const all = (object as RelationObject).columns.filter((c) => !c.dropped);
      const columns = column === 'any' ? all : all.filter((c) => c.attnum === column);
      return holds(
        catalog,
        found,
        object,
        asked,
        columns.map((c) => c.acl ?? []),
      );
    },
    system(privilege) {
      const known = SYSTEM_PRIVILEGES.find((p) => p === privilege);
      return known !== undefined && hasSystemPrivilege(catalog, session.user, known);
    },
    isMember(kind, name, of) {
      const member = catalog.named<'user' | 'role'>(kind, name);
      if (member === undefined) return undefined;
      const identities = identitiesOf(catalog, granteeOf(member));
      const role = catalog.named('role', of);
      const group = catalog.named('group', of);
      return (
        (role !== undefined && identities.has(roleGrantee(role.oid)) && role.oid !== member.oid) ||
        (group !== undefined && identities.has(-group.oid))
      );
    },
    sessionRoles() {
      const identities = identitiesOf(catalog, session.user.oid);
      return catalog.objects('role').filter((role) => identities.has(roleGrantee(role.oid)));
    },
    oidOf: (of, name) => catalog.named<ClassName>(of, name)?.oid,
    routines: (name) =>
      catalog
        .objects('routine')
        .filter((routine) => routine.name === name)
        .map((routine) => ({
          oid: routine.oid,
          schemaOid: routine.schemaOid,
          types: routine.arguments.filter((a) => a.mode !== 'out').map((a) => a.type.name),
        })),
  };
}
