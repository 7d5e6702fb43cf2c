/**
 * has_*_privilege: looks a named object's access list up for a user. Superusers and owners have everything; entries of
 * PUBLIC (grantee 0) and of the user's groups (negative oids) count.
 */
import {
  undefinedDatabase,
  undefinedSchema,
  undefinedTable,
  undefinedUser,
  invalidParameterValue,
} from '../common/errors/catalogue.ts';
import type { JsValue } from './define.ts';
import type { LeaderView, OwnedView, RelationView, UserView } from './leader-context.ts';

const LETTERS: Readonly<Record<string, string>> = {
  select: 'r',
  insert: 'a',
  update: 'w',
  delete: 'd',
  drop: 'D',
  references: 'x',
  truncate: 't',
  alter: 'A',
  // No rules and triggers: nobody is granted these.
  rule: 'R',
  trigger: 'g',
  create: 'C',
  usage: 'U',
  temporary: 'T',
  temp: 'T',
  connect: 'c',
  execute: 'X',
};

/** The object a name or oid means: schema.table along the search path. */
export function findRelation(leader: LeaderView, target: JsValue): RelationView | undefined {
  if (typeof target === 'number' || typeof target === 'bigint') return leader.catalog.relationByOid(Number(target));
  const text = String(target).trim();
  if (/^\d+$/.test(text)) return leader.catalog.relationByOid(Number(text));
  const parts = text.split('.').map((p) => p.replaceAll('"', '').toLowerCase());
  const name = parts[parts.length - 1]!;
  const schemas = parts.length > 1 ? [parts[parts.length - 2]!] : leader.session.searchPath();
  for (const s of schemas) {
    const schema = leader.catalog.schema(s);
    const found = schema === undefined ? undefined : leader.catalog.relationIn(schema.oid, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSystemRelation(leader: LeaderView, target: JsValue): boolean {
  if (/^\d+$/.test(String(target))) return leader.system.relationByOid(Number(target)) !== undefined;
  const parts = String(target)
    .trim()
    .split('.')
    .map((p) => p.replaceAll('"', '').toLowerCase());
  return leader.system.relationOid(parts[parts.length - 2], parts[parts.length - 1]!) !== undefined;
}

function userOf(leader: LeaderView, who: JsValue | undefined): UserView {
  if (who === undefined) return leader.session.user;
  const found =
    typeof who === 'number' ? leader.catalog.userByOid(who) : leader.catalog.user(String(who).toLowerCase());
  if (found === undefined) throw undefinedUser(String(who));
  return found;
}

function allowed(
  leader: LeaderView,
  user: UserView,
  object: Pick<OwnedView, 'ownerOid' | 'acl'>,
  privileges: string,
): boolean {
  const wanted = privileges.split(',').map((p) => {
    const letter =
      LETTERS[
        p
          .trim()
          .toLowerCase()
          .replace(/ with grant option$/, '')
      ];
    if (letter === undefined) throw invalidParameterValue(`unrecognized privilege type: "${p.trim()}"`);
    return letter;
  });
  if (user.superuser || object.ownerOid === user.oid) return true;
  const groups = leader.catalog
    .groups()
    .filter((g) => g.users.includes(user.oid))
    .map((g) => -g.oid);
  const mine = (object.acl ?? []).filter(
    (a) => a.grantee === 0 || a.grantee === user.oid || groups.includes(a.grantee),
  );
  return wanted.some((w) => mine.some((a) => a.privileges.includes(w)));
}

/** Arguments are [user,] object, privilege. */
export function checkPrivilege(
  leader: LeaderView,
  kind: 'table' | 'schema' | 'database',
  args: readonly JsValue[],
): boolean {
  const user = userOf(leader, args.length === 3 ? args[0]! : undefined);
  const target = args[args.length - 2]!;
  const privilege = String(args[args.length - 1]);
  const name = String(target).replaceAll('"', '').toLowerCase();
  if (kind === 'table') {
    const relation = findRelation(leader, target);
    if (relation === undefined) {
      if (!isSystemRelation(leader, target)) throw undefinedTable(String(target));
      // Everyone reads them; only superusers have more.
      return (
        user.superuser || allowed(leader, user, { ownerOid: 0, acl: [{ grantee: 0, privileges: 'r' }] }, privilege)
      );
    }
    return allowed(leader, user, relation, privilege);
  }
  if (kind === 'schema') {
    const schema = typeof target === 'number' ? leader.catalog.schemaByOid(target) : leader.catalog.schema(name);
    if (schema === undefined) throw undefinedSchema(String(target));
    return allowed(leader, user, schema, privilege);
  }
  const database = leader.catalog
    .databases()
    .find((d) => (typeof target === 'number' ? d.oid === target : d.name === name));
  if (database === undefined) throw undefinedDatabase(String(target));
  // Until any was granted or revoked, everyone may make temporary tables.
  const acl = database.acl ?? [{ grantee: 0, privileges: 'T' }];
  return allowed(leader, user, { ...database, acl }, privilege) || /^connect/i.test(privilege.trim());
}
