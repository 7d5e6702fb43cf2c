/** Roles and their members, for SVV_ROLES, SVV_ROLE_GRANTS, SVV_USER_GRANTS and SVV_SYSTEM_PRIVILEGES. */
import { granteeNamed, identitiesOf, roleGrantee, type Grantee } from '../catalog/grantees.ts';
import type { RoleObject } from '../catalog/objects.ts';
import { isOwner } from '../catalog/privileges.ts';
import { isSecurityAdmin } from '../catalog/system-privileges.ts';
import type { SystemContext } from './define.ts';
import { seesCatalog, seesSystemTables } from './sight.ts';

const seesRoles = (ctx: SystemContext): boolean =>
  seesCatalog(ctx) || seesSystemTables(ctx) || isSecurityAdmin(ctx.catalog, ctx.session.user);

/** Roles the reader has or owns; all for whoever may see the catalog. */
export function visibleRoles(ctx: SystemContext): readonly RoleObject[] {
  const { user } = ctx.session;
  const all = seesRoles(ctx);
  const identities = identitiesOf(ctx.catalog, user.oid);
  return ctx.catalog
    .objects('role')
    .filter((role) => all || isOwner(user, role) || identities.has(roleGrantee(role.oid)));
}

interface Membership {
  readonly role: RoleObject;
  readonly member: Grantee;
  readonly admin: boolean;
}
/** Who was granted which role; the reader's own when he may not see all. */
export function membershipRows(ctx: SystemContext): readonly Membership[] {
  const { user } = ctx.session;
  const all = seesRoles(ctx);
  const identities = identitiesOf(ctx.catalog, user.oid);
  return visibleRoles(ctx).flatMap((role) =>
    role.members
      .filter((m) => all || isOwner(user, role) || identities.has(m.grantee))
      .map((m) => ({ role, member: granteeNamed(ctx.catalog, m.grantee), admin: m.admin }))
      .filter(({ member }) => member.name !== undefined),
  );
}
