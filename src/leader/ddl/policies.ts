/**
 * Policies of row-level security and masking as commands make and attach them: their expressions are bound once, over
 * columns of the declared types, so that what is wrong in them is told when they are made.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { mustBeSecurityAdmin, policyReads, policyReadsColumn } from '../../common/errors/policy-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import { relExprs, relInputs } from '../../expressions/rel-walk.ts';
import { children } from '../../expressions/walk.ts';
import { formatType } from '../../types/sql-type.ts';
import { quoteName } from '../catalog/names.ts';
import type {
  CatalogColumn,
  CatalogSnapshot,
  ObjectReference,
  PolicyColumn,
  RelationObject,
  UserObject,
} from '../catalog/objects.ts';
import { isSecurityAdmin } from '../catalog/system-privileges.ts';
import { typeOfVariable } from '../catalog/value-types.ts';
import type { PolicyColumn as Declared } from '../parser/statements/policy.ts';
import type { DdlContext } from './context.ts';
import { referencesOf } from './dependencies.ts';
import { systemSession } from './system-session.ts';

export function requirePolicyAdmin(catalog: CatalogSnapshot, user: UserObject, what: string): void {
  if (!isSecurityAdmin(catalog, user)) throw mustBeSecurityAdmin(what);
}

export const policyColumns = (declared: readonly Declared[]): readonly PolicyColumn[] =>
  declared.map(({ name, type }) => ({ name, type: typeOfVariable(type) }));

function has(rel: Rel, is: (rel: Rel) => boolean): boolean {
  const inExpr = (e: BoundExpr): boolean => (e.kind === 'subquery' && has(e.rel, is)) || children(e).some(inExpr);
  return is(rel) || relExprs(rel).some(inExpr) || relInputs(rel).some((input) => has(input, is));
}
/** Whether the relation's rows pass through policies that apply to the user. */
export const isProtected = (rel: Rel): boolean => has(rel, (r) => r.kind === 'subquery' && r.secure !== undefined);

export interface PolicyText {
  readonly of: 'rls' | 'masking';
  readonly columns: readonly PolicyColumn[];
  readonly alias?: string;
  readonly using: string;
}
/** What the expressions read, once they were found to be right. */
export async function checkPolicy(context: DdlContext, policy: PolicyText): Promise<readonly ObjectReference[]> {
  const { services, session, transaction } = context;
  const values = policy.columns.map((c) => `cast(null as ${formatType(c.type)}) as ${quoteName(c.name)}`);
  const from =
    values.length === 0 ? '' : ` from (select ${values.join(', ')}) as ${quoteName(policy.alias ?? 'policy_row')}`;
  const sql = policy.of === 'rls' ? `select 1${from} where (${policy.using})` : `select ${policy.using}${from}`;
  try {
    const [statement] = await services.parse(sql);
    if (statement?.kind !== 'query') throw featureNotSupported('a policy is made of expressions');
    const { select, frozen } = services.bindView(systemSession(session, transaction), transaction, statement.query);
    if (has(select.rel, (r) => r.kind === 'aggregate' && r === topOf(select.rel))) throw policyReads('an aggregate');
    if (has(select.rel, (r) => r.kind === 'window')) throw policyReads('a window function');
    if (has(select.rel, (r) => r.kind === 'virtual')) throw policyReads('a catalog table');
    const references = referencesOf(frozen);
    for (const reference of references) checkLookup(transaction.catalog(), reference);
    return references;
  } catch (error) {
    if (error instanceof SqlError) error.position = undefined;
    throw error;
  }
}
function topOf(rel: Rel): Rel {
  return rel.kind === 'project' || rel.kind === 'filter' ? topOf(rel.input) : rel;
}

function checkLookup(catalog: CatalogSnapshot, { class: of, oid }: ObjectReference): void {
  const relation = of === 'relation' ? catalog.relationByOid(oid) : undefined;
  if (relation === undefined) return;
  if (relation.kind !== 'table') throw policyReads('a view');
  if (relation.temporary) throw policyReads('a temporary table');
  if (relation.rowSecurity?.on === true) throw policyReads('a table with row-level security');
}

/** A column that a policy attached to the relation reads or masks stays as it is. */
export function refusePolicyColumn(catalog: CatalogSnapshot, relation: RelationObject, column: CatalogColumn): void {
  for (const { policy: oid } of relation.rowSecurity?.policies ?? []) {
    const policy = catalog.object('rls-policy', oid);
    if (policy?.columns.some((c) => c.name === column.name) === true)
      throw policyReadsColumn(column.name, relation.name, `RLS policy ${policy.name}`);
  }
  for (const { policy: oid, inputs, outputs } of relation.masks ?? []) {
    if (inputs.includes(column.attnum) || outputs.includes(column.attnum)) {
      const name = catalog.object('masking-policy', oid)?.name ?? '';
      throw policyReadsColumn(column.name, relation.name, `masking policy ${name}`);
    }
  }
}
