/**
 * Granted privileges, one row per grantee and privilege, for SVV_RELATION_PRIVILEGES and SVV_SCHEMA_PRIVILEGES. Ordinary
 * users see what was granted to themselves, their groups or everyone.
 */
import { classOf } from '../catalog/classes/index.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { aclOf, isOf, privilegeWord } from '../catalog/privileges.ts';
import { userName } from './catalog-rows.ts';
import type { SystemContext, SystemRow } from './define.ts';

/** `names` are the columns that tell which object it is. */
export function privilegeRows(ctx: SystemContext, object: CatalogObject, names: SystemRow): readonly SystemRow[] {
  const { user } = ctx.session;
  return aclOf(object)
    .filter((entry) => user.superuser || isOf(ctx.catalog, user, entry.grantee))
    .flatMap((entry) => {
      const group = ctx.catalog.object('group', -entry.grantee);
      const identity =
        entry.grantee === 0
          ? { identity_id: 0, identity_name: 'public', identity_type: 'public' }
          : entry.grantee < 0
            ? { identity_id: -entry.grantee, identity_name: group?.name ?? null, identity_type: 'group' }
            : { identity_id: entry.grantee, identity_name: userName(ctx, entry.grantee), identity_type: 'user' };
      return [...entry.privileges].map((letter) => ({
        ...names,
        ...identity,
        privilege_type: privilegeWord(classOf(object), letter),
        admin_option: false,
      }));
    });
}
