/**
 * ALTER DEFAULT PRIVILEGES [FOR USER u, ...] [IN SCHEMA s, ...] GRANT or REVOKE: on what these users will make. One's own
 * defaults anybody may change, those of others superusers and members of a role with ALTER DEFAULT PRIVILEGES.
 */
import { privilegeNotFor } from '../../common/errors/catalogue.ts';
import { dropObject, putObject } from '../catalog/changes.ts';
import { builtInDefault, defaultName } from '../catalog/default-acl.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import type { AclEntry, DefaultPrivilegesObject, SchemaObject, UserObject } from '../catalog/objects.ts';
import { grant, privilegeLetters, requireSystemPrivilege, revoke } from '../catalog/privileges.ts';
import { granteesOf, namedGrantees, type FoundGrantee } from '../ddl/grant-on-objects.ts';
import type { Statement } from '../parser/ast.ts';
import { recorded } from './recorded-command.ts';
import type { CommandContext } from './command.ts';

type Alter = Extract<Statement, { kind: 'alter-default-privileges' }>;

interface Found {
  readonly users: readonly UserObject[];
  /** Undefined stands for all of them. */
  readonly schemas: readonly (SchemaObject | undefined)[];
  readonly grantees: readonly FoundGrantee[];
}

function find({ session, transaction }: CommandContext, statement: Alter): Found {
  const catalog = transaction.catalog();
  const users = statement.users.map((name) => requireNamed(catalog, 'user', name));
  if (users.some((user) => user.oid !== session.user.oid)) {
    requireSystemPrivilege(
      catalog,
      session.user,
      'ALTER DEFAULT PRIVILEGES',
      'alter default privileges of other users',
    );
  }
  const own = transaction.catalog().userByOid(session.user.oid) ?? session.user;
  const schemas = statement.schemas.map((name) => requireNamed(catalog, 'schema', name));
  return {
    users: users.length === 0 ? [own] : users,
    schemas: schemas.length === 0 ? [undefined] : schemas,
    grantees: granteesOf(catalog, statement.change.grantees),
  };
}

const sameAcl = (a: readonly AclEntry[], b: readonly AclEntry[]): boolean => JSON.stringify(a) === JSON.stringify(b);

function changed(
  { services, transaction }: CommandContext,
  { change, objects }: Alter,
  owner: number,
  inSchema: number | undefined,
  grantees: readonly FoundGrantee[],
  letters: string,
): void {
  const name = defaultName(owner, inSchema, objects);
  const old = transaction.catalog().named('default-privileges', name);
  const begins = inSchema === undefined ? builtInDefault(objects, owner) : [];
  const acl = grantees.reduce(
    (now, { number, option }) =>
      change.kind === 'grant'
        ? grant(now, number, owner, letters, option)
        : revoke(now, number, letters, undefined, change.optionOnly === true),
    old?.acl ?? begins,
  );
  if (sameAcl(acl, begins)) {
    if (old !== undefined) dropObject(transaction, old);
    return;
  }
  const made: DefaultPrivilegesObject = {
    kind: 'default privileges',
    oid: old?.oid ?? services.transactions.nextOid(),
    name,
    ownerOid: owner,
    objects,
    acl,
    ...(inSchema === undefined ? {} : { inSchema }),
  };
  putObject(transaction, made);
}

export default recorded('ddl', {
  kind: 'alter-default-privileges',
  doc: 'ALTER DEFAULT PRIVILEGES',
  async run(context, statement) {
    const { transaction } = context;
    transaction.requireXid();
    const { objects, change } = statement;
    const columns = change.privileges.find((p) => p.columns !== undefined);
    if (columns !== undefined) throw privilegeNotFor(columns.word.toUpperCase(), 'column');
    const letters = privilegeLetters(
      objects === 'tables' ? 'relation' : 'routine',
      change.privileges.map((p) => p.word),
    );
    const { users, schemas, grantees } = await lockUses(transaction, () => {
      const value = find(context, statement);
      const named = [...value.schemas.filter((s) => s !== undefined), ...namedGrantees(value.grantees)];
      // Of one user's entries only one is changed at a time.
      return { value, changes: value.users, names: named };
    });
    for (const user of users) {
      for (const schema of schemas) changed(context, statement, user.oid, schema?.oid, grantees, letters);
    }
    return { tag: 'ALTER DEFAULT PRIVILEGES' };
  },
});
