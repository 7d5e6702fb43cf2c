/**
 * Attaching policies to relations for users, roles and PUBLIC, and detaching them. Attachments are kept with the relation,
 * columns by number.
 */
import { undefinedTargetColumn } from '../../common/errors/catalogue.ts';
import {
  maskingColumnCount,
  maskingPriorityTaken,
  policyAlias,
  policyColumnMissing,
  policyColumnType,
  policyNotAttached,
  policyOn,
  policyTwice,
} from '../../common/errors/policy-errors.ts';
import { formatType } from '../../types/sql-type.ts';
import { putObject } from '../catalog/changes.ts';
import { lockResolved, locksOn } from '../catalog/lock-by-name.ts';
import { requireNamed, requireRelation } from '../catalog/names.ts';
import {
  columnByName,
  type CatalogColumn,
  type CatalogSnapshot,
  type MaskingPolicyObject,
  type RelationObject,
  type RlsPolicyObject,
} from '../catalog/objects.ts';
import type { PolicyStatement } from '../parser/statements/policy.ts';
import type { DdlContext } from './context.ts';
import { granteesOf, namedGrantees, type FoundGrantee } from './grant-on-objects.ts';
import { requirePolicyAdmin } from './policies.ts';
import { grantOptionTo } from '../../common/errors/privilege-errors.ts';

type Attach = Extract<PolicyStatement, { kind: 'attach-policy' | 'detach-policy' }>;
const shown = ({ object }: FoundGrantee): string =>
  object === undefined ? 'PUBLIC' : `${object.kind} "${object.name}"`;

/** A column of the relation that a policy reads, of the type it was made for. */
function checkType(
  relation: RelationObject,
  column: CatalogColumn,
  wanted: RlsPolicyObject['columns'][number],
): void {
  if (column.type.name === wanted.type.name) return;
  throw policyColumnType(column.name, relation.name, formatType(column.type), formatType(wanted.type));
}

function withRls(
  catalog: CatalogSnapshot,
  relation: RelationObject,
  policy: RlsPolicyObject,
  grantees: readonly FoundGrantee[],
  grantor: number,
): RelationObject {
  const old = relation.rowSecurity ?? { on: false, conjunction: 'and', policies: [] };
  for (const wanted of policy.columns) {
    const column = columnByName(relation, wanted.name);
    if (column === undefined) throw policyColumnMissing(wanted.name, relation.name, policy.name);
    checkType(relation, column, wanted);
  }
  const aliases = old.policies.map((p) => catalog.object('rls-policy', p.policy)?.alias);
  if (aliases.some((alias) => alias !== policy.alias)) throw policyAlias(relation.name);
  const added = grantees.map((grantee) => {
    const twice = old.policies.some((p) => p.policy === policy.oid && p.grantee === grantee.number);
    if (twice) throw policyTwice(policy.name, relation.name, shown(grantee));
    return { policy: policy.oid, grantee: grantee.number, grantor };
  });
  return { ...relation, rowSecurity: { ...old, policies: [...old.policies, ...added] } };
}
function withoutRls(
  relation: RelationObject,
  policy: RlsPolicyObject,
  grantees: readonly FoundGrantee[],
): RelationObject {
  const security = relation.rowSecurity;
  let policies = security?.policies ?? [];
  for (const grantee of grantees) {
    const left = policies.filter((p) => p.policy !== policy.oid || p.grantee !== grantee.number);
    if (left.length === policies.length) throw policyNotAttached(policy.name, relation.name, shown(grantee));
    policies = left;
  }
  return { ...relation, rowSecurity: { ...security!, policies } };
}

function columnsNamed(relation: RelationObject, names: readonly string[]): readonly CatalogColumn[] {
  return names.map((name) => {
    const column = columnByName(relation, name);
    if (column === undefined) throw undefinedTargetColumn(name, relation.name);
    return column;
  });
}
function withMask(
  relation: RelationObject,
  policy: MaskingPolicyObject,
  statement: Attach,
  grantee: FoundGrantee,
  grantor: number,
): RelationObject {
  const outputs = columnsNamed(relation, statement.outputs);
  const inputs = columnsNamed(relation, statement.inputs ?? statement.outputs);
  if (outputs.length !== policy.outputs)
    throw maskingColumnCount(policy.name, 'expressions', String(policy.outputs), String(outputs.length));
  if (inputs.length !== policy.columns.length)
    throw maskingColumnCount(policy.name, 'columns', String(policy.columns.length), String(inputs.length));
  inputs.forEach((column, i) => checkType(relation, column, policy.columns[i]!));
  const { priority = 0 } = statement;
  const masks = relation.masks ?? [];
  for (const column of outputs) {
    const on = masks.filter((m) => m.outputs.includes(column.attnum));
    if (on.some((m) => m.grantee === grantee.number)) throw policyTwice(policy.name, relation.name, shown(grantee));
    if (on.some((m) => m.priority === priority)) throw maskingPriorityTaken(column.name, String(priority));
  }
  const attnums = (columns: readonly CatalogColumn[]): readonly number[] => columns.map((c) => c.attnum);
  const mask = {
    policy: policy.oid,
    outputs: attnums(outputs),
    inputs: attnums(inputs),
    grantee: grantee.number,
    grantor,
    priority,
  };
  return { ...relation, masks: [...masks, mask] };
}
function withoutMask(
  relation: RelationObject,
  policy: MaskingPolicyObject,
  statement: Attach,
  grantee: FoundGrantee,
): RelationObject {
  const outputs = columnsNamed(relation, statement.outputs).map((c) => c.attnum);
  const masks = relation.masks ?? [];
  const left = masks.filter(
    (m) => m.policy !== policy.oid || m.grantee !== grantee.number || m.outputs.join() !== outputs.join(),
  );
  if (left.length === masks.length) throw policyNotAttached(policy.name, relation.name, shown(grantee));
  const { masks: _, ...bare } = relation;
  return left.length === 0 ? (bare as RelationObject) : { ...relation, masks: left };
}

function relationsOf({ session, transaction }: DdlContext, statement: Attach): readonly RelationObject[] {
  return statement.relations.map((name) => {
    const relation = requireRelation(transaction.catalog(), session.searchPath(), name);
    const late = relation.kind === 'view' && (statement.of === 'masking' || relation.lateBinding);
    const temporary = relation.kind === 'table' && (relation.temporary || relation.materializedViewOid !== undefined);
    if (late || temporary) throw policyOn(relation.name);
    return relation;
  });
}

export async function attachOrDetach(context: DdlContext, statement: Attach): Promise<void> {
  const { session, transaction } = context;
  transaction.requireXid();
  const attach = statement.kind === 'attach-policy';
  requirePolicyAdmin(transaction.catalog(), session.user, `${attach ? 'attach' : 'detach'} policies`);
  const cls = statement.of === 'rls' ? 'rls-policy' : 'masking-policy';
  const { policy, relations, grantees } = await lockResolved(transaction, () => {
    const catalog = transaction.catalog();
    if (statement.grantees.some((g) => g.kind === 'group')) throw grantOptionTo();
    const value = {
      policy: requireNamed<'rls-policy' | 'masking-policy'>(catalog, cls, statement.name),
      relations: relationsOf(context, statement),
      grantees: granteesOf(catalog, statement.grantees),
    };
    const named = locksOn(transaction, [value.policy, ...namedGrantees(value.grantees)], 'AccessShareLock');
    return { value, locks: new Map([...named, ...locksOn(transaction, value.relations, 'AccessExclusiveLock')]) };
  });
  for (const { oid } of relations) {
    const catalog = transaction.catalog();
    const relation = catalog.relationByOid(oid)!;
    const grantor = session.user.oid;
    const [first] = grantees;
    if (policy.kind === 'rls policy') {
      putObject(
        transaction,
        attach ? withRls(catalog, relation, policy, grantees, grantor) : withoutRls(relation, policy, grantees),
      );
    } else {
      putObject(
        transaction,
        attach
          ? withMask(relation, policy, statement, first!, grantor)
          : withoutMask(relation, policy, statement, first!),
      );
    }
  }
}
