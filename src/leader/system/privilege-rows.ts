/**
 * Granted privileges, one row per grantee and privilege, for the SVV_*_PRIVILEGES views. Ordinary users see what was granted
 * to themselves, their groups, their roles or everyone, and all on what they own.
 */
import { classOf } from '../catalog/classes/index.ts';
import { granteeNamed } from '../catalog/grantees.ts';
import type {
  AclEntry,
  CatalogObject,
  ClassName,
  DatabaseObject,
  SchemaObject,
  ScopedGrant,
} from '../catalog/objects.ts';
import { aclOf, isOf, isOwner, privilegeWord } from '../catalog/privileges.ts';
import type { SystemContext, SystemRow } from './define.ts';
import { seesCatalog } from './sight.ts';

export interface IdentityRow {
  readonly identity_id: number;
  readonly identity_name: string;
  readonly identity_type: string;
}
/** Of a grantee; undefined when it is gone. */
export function identityRow(ctx: Pick<SystemContext, 'catalog'>, grantee: number): IdentityRow | undefined {
  const { kind, oid, name } = granteeNamed(ctx.catalog, grantee);
  return name === undefined ? undefined : { identity_id: oid, identity_name: name, identity_type: kind };
}

type Shown = 'option' | 'no option';

/** Rows of an ACL on `object`. */
export function aclRows(
  ctx: SystemContext,
  object: Pick<CatalogObject, 'ownerOid'>,
  of: ClassName,
  acl: readonly AclEntry[],
  names: SystemRow,
  shown: Shown = 'option',
): readonly SystemRow[] {
  const { user } = ctx.session;
  const all = isOwner(user, object) || seesCatalog(ctx);
  return acl
    .filter((entry) => all || isOf(ctx.catalog, user, entry.grantee))
    .flatMap((entry) => {
      const identity = identityRow(ctx, entry.grantee);
      if (identity === undefined) return [];
      return [...entry.privileges].map((letter) => ({
        ...names,
        ...identity,
        privilege_type: privilegeWord(of, letter),
        ...(shown === 'option' ? { admin_option: entry.grantable?.includes(letter) === true } : {}),
      }));
    });
}

/** `names` are the columns that tell which object it is. */
export const privilegeRows = (
  ctx: SystemContext,
  object: CatalogObject,
  names: SystemRow,
  shown: Shown = 'option',
): readonly SystemRow[] => aclRows(ctx, object, classOf(object), aclOf(object), names, shown);

const CLASSES: Readonly<Record<ScopedGrant['objects'], ClassName>> = {
  schemas: 'schema',
  tables: 'relation',
  functions: 'routine',
  procedures: 'routine',
  languages: 'language',
};
/** What is given on all of a kind in the schema or database; the scope is the kind: TABLES. */
export const scopedRows = (
  ctx: SystemContext,
  object: SchemaObject | DatabaseObject,
  names: SystemRow,
): readonly SystemRow[] =>
  (object.scoped ?? []).flatMap(({ objects, acl }) =>
    aclRows(ctx, object, CLASSES[objects], acl, { ...names, privilege_scope: objects.toUpperCase() }),
  );
