/**
 * SHOW RLS POLICIES and SHOW MASKING POLICIES: all, or those attached to a relation, to somebody. For superusers and members
 * of sys:secadmin.
 */
import { granteeNamed, granteeOf } from '../catalog/grantees.ts';
import { requireNamed } from '../catalog/names.ts';
import type { CatalogSnapshot, RelationObject } from '../catalog/objects.ts';
import { formatType } from '../../types/sql-type.ts';
import { requirePolicyAdmin } from './policies.ts';
import { shownCatalog, shownRelation } from './show-context.ts';
import type { Cells, Listed, Show, ShowContext } from './show-context.ts';

type Of = 'rls' | 'masking';
interface Attachment {
  readonly policy: number;
  readonly grantee: number;
  readonly priority?: number;
}
const attachmentsOf = (of: Of, relation: RelationObject): readonly Attachment[] =>
  of === 'rls' ? (relation.rowSecurity?.policies ?? []) : (relation.masks ?? []);

function row(of: Of, catalog: CatalogSnapshot, oid: number, relation?: RelationObject, on?: Attachment): Listed[] {
  const policy = catalog.object<'rls-policy' | 'masking-policy'>(of === 'rls' ? 'rls-policy' : 'masking-policy', oid);
  if (policy === undefined) return [];
  const to = on && granteeNamed(catalog, on.grantee);
  const columns = policy.columns.map((c) => `${c.name} ${formatType(c.type)}`).join(', ');
  const cells: Cells = [
    catalog.database.name,
    policy.name,
    columns,
    policy.using,
    relation === undefined ? null : (catalog.schemaByOid(relation.schemaOid)?.name ?? null),
    relation?.name ?? null,
    to?.name ?? null,
    to?.kind ?? null,
    on?.priority === undefined ? null : String(on.priority),
    catalog.userByOid(policy.modifiedBy)?.name ?? null,
  ];
  return [[policy.name, cells]];
}

export const listPolicies =
  (of: Of) =>
  (context: ShowContext, show: Show): readonly Listed[] => {
    const own = context.transaction.catalog();
    requirePolicyAdmin(own, context.session.user, 'see policies');
    if (show.names.length > 0) {
      const shown = shownRelation(context, show);
      if (shown === undefined) return [];
      const { grantee } = show;
      const whose =
        grantee === undefined
          ? undefined
          : grantee.kind === 'public'
            ? 0
            : granteeOf(requireNamed<'user' | 'role'>(own, grantee.kind, grantee.name));
      return attachmentsOf(of, shown.relation)
        .filter((a) => whose === undefined || a.grantee === whose)
        .flatMap((a) => row(of, shown.catalog, a.policy, shown.relation, a));
    }
    const catalog = shownCatalog(context, show.database);
    const all = catalog?.objects<'rls-policy' | 'masking-policy'>(of === 'rls' ? 'rls-policy' : 'masking-policy');
    return (all ?? []).flatMap((policy) => row(of, catalog!, policy.oid));
  };
