/** ALTER ROLE r RENAME TO n | OWNER TO u | EXTERNALID id, ... by its owner or whoever may give it to others. */
import { systemRoleFixed } from '../../common/errors/privilege-errors.ts';
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import type { RoleObject } from '../catalog/objects.ts';
import { isSystemRole } from '../catalog/system-privileges.ts';
import { requireAdminOf } from '../ddl/grant-roles.ts';
import { checkRoleName } from './create_role.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-role',
  doc: 'ALTER ROLE',
  async run({ session, transaction }, { name, changes }) {
    transaction.requireXid();
    const { role, owner } = await lockUses(transaction, () => {
      const catalog = transaction.catalog();
      const found = requireNamed(catalog, 'role', name);
      requireAdminOf(catalog, session.user, found);
      if (isSystemRole(name)) throw systemRoleFixed(name);
      const owners = changes.filter((c) => c.kind === 'owner').map((c) => requireNamed(catalog, 'user', c.to));
      return { value: { role: found, owner: owners[owners.length - 1] }, changes: [found], names: owners };
    });
    let changed: RoleObject = role;
    for (const { kind, to } of changes) {
      if (kind === 'rename') {
        if (to !== changed.name) checkRoleName(transaction.catalog(), to);
        changed = { ...changed, name: to };
      } else if (kind === 'owner') changed = { ...changed, ownerOid: owner!.oid };
      else changed = { ...changed, externalId: to };
    }
    putObject(transaction, changed);
    return { tag: 'ALTER ROLE' };
  },
});
