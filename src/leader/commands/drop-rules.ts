/**
 * Who may drop an object of a class, what stands in its way beside its dependents, and what goes before it.
 */
import {
  currentDatabaseDropped,
  currentUserDropped,
  databaseInUse,
  dependentObjects,
  groupHasPrivileges,
  mustBeOwner,
  systemDatabase,
  userHasPrivileges,
  userOwnsObjects,
  wrongObjectType,
} from '../../common/errors/catalogue.ts';
import { roleHasPrivileges, roleOnRole, roleOnUser, systemRoleFixed } from '../../common/errors/privilege-errors.ts';
import { FIRST_USER_OID, RDSDB_OID, SYSTEM_DATABASES } from '../catalog/bootstrap.ts';
import { putObject } from '../catalog/changes.ts';
import { CLASS_NAMES, described, entryOf, OBJECT_CLASSES, traitsOf } from '../catalog/classes/index.ts';
import type {
  CatalogObject,
  CatalogSnapshot,
  ClassName,
  DatabaseObject,
  GroupObject,
  MaskingPolicyObject,
  ObjectTypes,
  RelationObject,
  RlsPolicyObject,
  RoleMember,
  RoleObject,
  SchemaObject,
  UserObject,
} from '../catalog/objects.ts';
import { granteeNamed, roleGrantee } from '../catalog/grantees.ts';
import {
  aclsOf,
  allows,
  isOwner,
  requireOwner,
  requireOwnerOr,
  requireSuperuser,
  requireSystemPrivilege,
} from '../catalog/privileges.ts';
import { hasSystemPrivilege, isSystemRole } from '../catalog/system-privileges.ts';
import { policyAttached } from '../../common/errors/policy-errors.ts';
import { requirePolicyAdmin } from '../ddl/policies.ts';
import { requireAdminOf } from '../ddl/grant-roles.ts';
import { dropObjects } from '../ddl/drop-objects.ts';
import type { Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';

type Drop = Extract<Statement, { kind: 'drop' }>;

/** Methods, so that a rule can be used for any object that was found to be of its class. */
interface DropRule<O extends CatalogObject> {
  /** Asked before any object is looked for. */
  before?(context: CommandContext): void;
  /** Refuses; asked again after a wait for locks. */
  check(context: CommandContext, object: O, statement: Drop): void;
  /** What `first` changes. */
  changes?(context: CommandContext, object: O): readonly CatalogObject[];
  /** Done before the object goes, with the object and what is changed locked. */
  first?(context: CommandContext, object: O, statement: Drop): Promise<void> | void;
}

function checkRelation({ session, transaction }: CommandContext, relation: RelationObject, statement: Drop): void {
  const storage = entryOf(relation).belongsTo?.(relation) !== undefined;
  if (relation.kind !== statement.objectKind || storage) {
    throw wrongObjectType(relation.name, statement.objectKind);
  }
  const catalog = transaction.catalog();
  const schema = catalog.schemaByOid(relation.schemaOid);
  const ownsSchema = schema !== undefined && isOwner(session.user, schema);
  if (!ownsSchema && !allows(catalog, session.user, relation, 'D')) throw mustBeOwner('relation', relation.name);
}

function checkSchema({ session, transaction }: CommandContext, schema: SchemaObject): void {
  requireOwnerOr(transaction.catalog(), session.user, schema, 'D');
  if (schema.name === 'pg_catalog' || schema.name === 'information_schema') {
    throw mustBeOwner('schema', schema.name);
  }
}
async function emptySchema(context: CommandContext, schema: SchemaObject, statement: Drop): Promise<void> {
  const contents = (): readonly CatalogObject[] => context.transaction.catalog().contents(schema.oid);
  const inside = contents();
  if (inside.length > 0 && !statement.cascade) {
    throw dependentObjects(
      `schema ${schema.name}`,
      inside.map((object) => `${object.kind} ${schema.name}.${object.name}`),
    );
  }
  await dropObjects(context, contents, true);
}

function checkDatabase({ session, transaction }: CommandContext, database: DatabaseObject): void {
  requireOwner(session.user, database);
  if (SYSTEM_DATABASES.includes(database.name)) throw systemDatabase(database.name);
  if (database.oid === transaction.database) throw currentDatabaseDropped();
}
/** Its lock, which is held by now, keeps others from connecting until the commit is visible. */
async function emptyDatabase(context: CommandContext, database: DatabaseObject, statement: Drop): Promise<void> {
  const { services, session, transaction } = context;
  if (statement.force) await services.endSessionsOf(database.name, session.cancelSignal);
  if (services.sessions().some((s) => s.database === database.name)) throw databaseInUse(database.name);
  const catalog = transaction.catalog();
  for (const of of CLASS_NAMES) {
    for (const object of catalog.objects<ClassName>(of, database.oid)) {
      if (traitsOf(object).storage) transaction.dropStorage(object.oid);
    }
  }
}

/** Every object of the cluster and of all databases. */
const everyObject = (catalog: CatalogSnapshot): readonly CatalogObject[] =>
  CLASS_NAMES.flatMap((of) =>
    OBJECT_CLASSES[of].uniqueIn === 'cluster'
      ? catalog.objects<ClassName>(of)
      : catalog.databases().flatMap((database) => catalog.objects<ClassName>(of, database.oid)),
  );
const isGrantee = (catalog: CatalogSnapshot, oid: number): boolean =>
  everyObject(catalog).some((object) => aclsOf(object).some((acl) => acl.some((e) => e.grantee === oid)));

function checkUser({ session, transaction }: CommandContext, user: UserObject): void {
  if (user.oid === session.user.oid) throw currentUserDropped();
  if (user.superuser) requireSuperuser(session.user, 'drop superusers');
  const catalog = transaction.catalog();
  const owns = everyObject(catalog).some((object) => object.ownerOid === user.oid);
  if (owns || user.oid === RDSDB_OID || user.oid === FIRST_USER_OID) throw userOwnsObjects(user.name);
  if (isGrantee(catalog, user.oid)) throw userHasPrivileges(user.name);
}
/** Groups and roles of the user. */
const groupsOf = ({ transaction }: CommandContext, user: UserObject): readonly (GroupObject | RoleObject)[] => {
  const catalog = transaction.catalog();
  const groups = catalog.groups().filter((group) => group.users.includes(user.oid));
  return [...groups, ...withMember(catalog, user.oid)];
};
const withMember = (catalog: CatalogSnapshot, grantee: number): readonly RoleObject[] =>
  catalog.objects('role').filter((role) => role.members.some((m) => m.grantee === grantee));
const withoutMember = (role: RoleObject, grantee: number): RoleObject => ({
  ...role,
  members: role.members.filter((m) => m.grantee !== grantee),
});
function leaveGroups(context: CommandContext, user: UserObject): void {
  const { transaction } = context;
  for (const group of groupsOf(context, user)) {
    if (group.kind === 'role') putObject(transaction, withoutMember(group, user.oid));
    else putObject(transaction, { ...group, users: group.users.filter((oid) => oid !== user.oid) });
  }
}

function checkGroup({ transaction }: CommandContext, group: GroupObject): void {
  if (isGrantee(transaction.catalog(), -group.oid)) throw groupHasPrivileges(group.name);
}

function checkRole({ session, transaction }: CommandContext, role: RoleObject, { force }: Drop): void {
  const catalog = transaction.catalog();
  if (!hasSystemPrivilege(catalog, session.user, 'DROP ROLE')) requireAdminOf(catalog, session.user, role);
  if (isSystemRole(role.name)) throw systemRoleFixed(role.name);
  if (force) return;
  const isOfRole = (m: RoleMember): boolean => granteeNamed(catalog, m.grantee).kind === 'role';
  if (role.members.some((m) => !isOfRole(m))) throw roleOnUser();
  if (role.members.length > 0 || withMember(catalog, roleGrantee(role.oid)).length > 0) throw roleOnRole();
  if (isGrantee(catalog, roleGrantee(role.oid))) throw roleHasPrivileges(role.name);
}
const rolesAbove = ({ transaction }: CommandContext, role: RoleObject): readonly RoleObject[] =>
  withMember(transaction.catalog(), roleGrantee(role.oid));
function leaveRoles(context: CommandContext, role: RoleObject): void {
  for (const above of rolesAbove(context, role)) {
    putObject(context.transaction, withoutMember(above, roleGrantee(role.oid)));
  }
}

const policyAdmin = ({ session, transaction }: CommandContext): void =>
  requirePolicyAdmin(transaction.catalog(), session.user, 'drop policies');
const guardedBy = ({ transaction }: CommandContext, { oid }: RlsPolicyObject): readonly RelationObject[] =>
  transaction
    .catalog()
    .relations()
    .filter((r) => r.rowSecurity?.policies.some((p) => p.policy === oid));
function checkRlsPolicy(context: CommandContext, policy: RlsPolicyObject, { cascade }: Drop): void {
  policyAdmin(context);
  const [relation] = cascade ? [] : guardedBy(context, policy);
  if (relation !== undefined) throw policyAttached(described(policy), described(relation));
}
/** CASCADE: no relation has the policy any more. */
function detach(context: CommandContext, policy: RlsPolicyObject): void {
  for (const relation of guardedBy(context, policy)) {
    const { rowSecurity } = relation;
    const policies = rowSecurity!.policies.filter((p) => p.policy !== policy.oid);
    putObject(context.transaction, { ...relation, rowSecurity: { ...rowSecurity!, policies } });
  }
}
function checkMaskingPolicy(context: CommandContext, policy: MaskingPolicyObject): void {
  policyAdmin(context);
  const masked = context.transaction.catalog().relations();
  const relation = masked.find((r) => r.masks?.some((m) => m.policy === policy.oid));
  if (relation !== undefined) throw policyAttached(described(policy), described(relation));
}

const RULES: { readonly [C in ClassName]: DropRule<ObjectTypes[C]> } = {
  relation: { check: checkRelation },
  routine: { check: ({ session }, routine) => requireOwner(session.user, routine) },
  schema: { check: checkSchema, first: emptySchema },
  database: { check: checkDatabase, first: emptyDatabase },
  datashare: { check: ({ session }, share) => requireOwner(session.user, share) },
  user: {
    before: ({ session, transaction }) =>
      requireSystemPrivilege(transaction.catalog(), session.user, 'DROP USER', 'drop users'),
    check: checkUser,
    changes: groupsOf,
    first: leaveGroups,
  },
  group: { before: ({ session }) => requireSuperuser(session.user, 'drop groups'), check: checkGroup },
  role: { check: checkRole, changes: rolesAbove, first: leaveRoles },
  language: { check: ({ session }) => requireSuperuser(session.user, 'drop languages') },
  'iam-role': { check: ({ session }) => requireSuperuser(session.user, 'drop grants on IAM roles') },
  'default-privileges': { check: ({ session }) => requireSuperuser(session.user, 'drop default privileges') },
  'rls-policy': { check: checkRlsPolicy, changes: guardedBy, first: detach },
  'masking-policy': { check: checkMaskingPolicy },
  'copy-job': { check: ({ session }, job) => requireOwner(session.user, job) },
  'copy-job-files': { check: ({ session }) => requireSuperuser(session.user, 'drop files of copy jobs') },
};
export const dropRuleOf = (of: ClassName): DropRule<CatalogObject> => RULES[of];
