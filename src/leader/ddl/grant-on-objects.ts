/**
 * GRANT and REVOKE on tables, their columns, schemas, databases, languages, functions and procedures. The owner and
 * superusers give in the owner's name, others what they were given with the grant option, in their own.
 */
import { assert } from '../../common/assert.ts';
import {
  featureNotSupported,
  permissionDenied,
  privilegeNotFor,
  undefinedTargetColumn,
} from '../../common/errors/catalogue.ts';
import { dependentPrivileges, grantOptionTo } from '../../common/errors/privilege-errors.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import { putObject } from '../catalog/changes.ts';
import { entryOf } from '../catalog/classes/index.ts';
import { granteeOf } from '../catalog/grantees.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed, requireObject } from '../catalog/names.ts';
import {
  columnByName,
  type AclEntry,
  type CatalogObject,
  type CatalogSnapshot,
  type ClassName,
  type GroupObject,
  type RelationObject,
  type RoleObject,
  type UserObject,
} from '../catalog/objects.ts';
import { aclOf, grant, hasDependents, isOf, isOwner, privilegeLetters, revoke } from '../catalog/privileges.ts';
import { requireRoutine } from '../catalog/routines.ts';
import type { Given, GivenPrivilege, GivenTo, GrantOrRevoke } from '../parser/statements/grant.ts';
import type { DdlContext } from './context.ts';

type Objects = Extract<Given, { kind: 'objects' }>;
type Acl = readonly AclEntry[];

const CLASSES: Readonly<Record<Objects['on'], ClassName>> = {
  table: 'relation',
  schema: 'schema',
  database: 'database',
  datashare: 'datashare',
  language: 'language',
  function: 'routine',
  procedure: 'routine',
};

export interface FoundGrantee {
  readonly number: number;
  readonly option: boolean;
  /** Undefined stands for PUBLIC. */
  readonly object: UserObject | GroupObject | RoleObject | undefined;
}
/** Whom the statement names. */
export const granteesOf = (catalog: CatalogSnapshot, grantees: readonly GivenTo[]): readonly FoundGrantee[] =>
  grantees.map(({ kind, name, option = false }) => {
    if (kind === 'rls policy') throw featureNotSupported('privileges of policies are not granted one by one');
    if (option && kind !== 'user') throw grantOptionTo();
    const object = kind === 'public' ? undefined : requireNamed<'user' | 'group' | 'role'>(catalog, kind, name);
    return { number: granteeOf(object), option, object };
  });
export const namedGrantees = (found: readonly FoundGrantee[]): readonly CatalogObject[] =>
  found.flatMap(({ object }) => object ?? []);

/** Letters on the whole object, and on columns by name. */
interface Letters {
  readonly whole: string;
  readonly columns: ReadonlyMap<string, string>;
}
function lettersOf(of: ClassName, given: readonly GivenPrivilege[]): Letters {
  const columns = new Map<string, string>();
  const whole: string[] = [];
  for (const { word, columns: names } of given) {
    if (names === undefined) {
      whole.push(word);
      continue;
    }
    if (of !== 'relation' || !['select', 'update', 'all'].includes(word)) {
      throw privilegeNotFor(word.toUpperCase(), 'column');
    }
    const letters = word === 'all' ? 'rw' : privilegeLetters(of, [word]);
    for (const name of names) columns.set(name, (columns.get(name) ?? '') + letters);
  }
  return { whole: whole.length === 0 ? '' : privilegeLetters(of, whole), columns };
}

function objectsOf({ session, transaction }: DdlContext, given: Objects): readonly CatalogObject[] {
  const catalog = transaction.catalog();
  const path = session.searchPath();
  const { on, all, names, routines = [] } = given;
  if (all) {
    const isMeant = (object: CatalogObject): boolean =>
      on === 'table' ? entryOf(object).noun === 'relation' : object.kind === on;
    return names.flatMap(({ name }) => catalog.contents(requireNamed(catalog, 'schema', name).oid).filter(isMeant));
  }
  const named = names.map((name) => requireObject<ClassName>(catalog, path, CLASSES[on], name));
  return [...named, ...routines.map((routine) => requireRoutine(catalog, path, routine))];
}

const warning = (message: string): Notice => ({ severity: 'WARNING', sqlstate: '01007', message });

/** What of the letters the user may give, and in whose name. */
function mayGive(
  context: DdlContext,
  object: CatalogObject,
  acl: Acl,
  letters: string,
): { readonly grantor: number; readonly letters: string } {
  const { session, transaction } = context;
  const { user } = session;
  if (isOwner(user, object)) return { grantor: object.ownerOid ?? user.oid, letters };
  const catalog = transaction.catalog();
  const grantable = acl
    .filter((e) => e.grantee === user.oid)
    .map((e) => e.grantable ?? '')
    .join('');
  const left = [...letters].filter((l) => grantable.includes(l)).join('');
  const holdsAny = acl.some((e) => isOf(catalog, user, e.grantee));
  if (left === '' && !holdsAny) throw permissionDenied(entryOf(object).noun, object.name);
  return { grantor: user.oid, letters: left };
}

interface Change {
  readonly give: boolean;
  readonly optionOnly: boolean;
  readonly grantees: readonly FoundGrantee[];
}

function changed(acl: Acl, { give, optionOnly, grantees }: Change, grantor: number, letters: string): Acl {
  const after = grantees.reduce(
    (now, { number, option }) =>
      give ? grant(now, number, grantor, letters, option) : revoke(now, number, letters, grantor, optionOnly),
    acl,
  );
  if (!give && hasDependents(acl, after)) throw dependentPrivileges();
  return after;
}

/** The acl after the change, with a warning when not all of it could be done. */
function changedBy(context: DdlContext, object: CatalogObject, acl: Acl, change: Change, wanted: string): Acl {
  const { grantor, letters } = mayGive(context, object, acl, wanted);
  const [verb, done] = change.give ? ['granted', 'were granted'] : ['revoked', 'could be revoked'];
  if (letters === '') context.notice(warning(`no privileges ${done}`));
  else if (letters.length < wanted.length)
    context.notice(warning(`not all privileges ${change.give ? done : `could be ${verb}`}`));
  return letters === '' ? acl : changed(acl, change, grantor, letters);
}

/** A privilege on the table that is taken is taken on its columns too. */
function changedColumns(
  context: DdlContext,
  relation: RelationObject,
  letters: Letters,
  change: Change,
): RelationObject {
  for (const name of letters.columns.keys()) {
    if (columnByName(relation, name) === undefined) throw undefinedTargetColumn(name, relation.name);
  }
  const columns = relation.columns.map((column) => {
    const { acl: _, ...bare } = column;
    let acl = column.acl ?? [];
    const own = column.dropped ? undefined : letters.columns.get(column.name);
    if (own !== undefined) acl = changedBy(context, relation, acl, change, own);
    if (!change.give && letters.whole !== '' && acl.length > 0) {
      const { grantor, letters: taken } = mayGive(context, relation, acl, letters.whole);
      acl = changed(acl, change, grantor, taken);
    }
    return acl.length === 0 ? bare : { ...bare, acl };
  });
  return { ...relation, columns };
}

const isRelation = (object: CatalogObject): object is RelationObject => entryOf(object).noun === 'relation';

export async function changeObjectPrivileges(
  context: DdlContext,
  given: Objects,
  statement: GrantOrRevoke,
): Promise<void> {
  const { transaction } = context;
  const of = CLASSES[given.on];
  const letters = lettersOf(of, given.privileges);
  // Locked against concurrent DDL, which would put back the ACL it read.
  const { objects, grantees } = await lockUses(transaction, () => {
    const to = granteesOf(transaction.catalog(), statement.grantees);
    const changes = objectsOf(context, given);
    return { value: { objects: changes, grantees: to }, changes, names: namedGrantees(to) };
  });
  const change: Change = {
    give: statement.kind === 'grant',
    optionOnly: statement.optionOnly === true,
    grantees,
  };
  for (const { oid } of objects) {
    // The statement may name one object twice.
    let object = transaction.catalog().object<ClassName>(of, oid);
    assert(object !== undefined, 'what is locked is there');
    if (letters.whole !== '') {
      object = { ...object, acl: changedBy(context, object, aclOf(object), change, letters.whole) } as CatalogObject;
    }
    if (isRelation(object)) object = changedColumns(context, object, letters, change);
    putObject(transaction, object);
  }
}
