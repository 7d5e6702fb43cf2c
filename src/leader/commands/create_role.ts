/** CREATE ROLE r [EXTERNALID id]. Its owner may give it to others. */
import { duplicateUser, limitReached, reservedName } from '../../common/errors/catalogue.ts';
import { duplicateRole } from '../../common/errors/privilege-errors.ts';
import { ROLES_MAX } from '../../common/limits.ts';
import { putObject } from '../catalog/changes.ts';
import { lockOwner } from '../catalog/lock-by-name.ts';
import type { CatalogSnapshot } from '../catalog/objects.ts';
import { requireSystemPrivilege } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

/** A name that a role may have. */
export function checkRoleName(catalog: CatalogSnapshot, name: string): void {
  if (name === 'public' || name.startsWith('sys:') || name.startsWith('ds:')) throw reservedName('role', name);
  if (catalog.user(name) !== undefined) throw duplicateUser(name);
  if (catalog.named('role', name) !== undefined) throw duplicateRole(name);
}

export default recorded('ddl', {
  kind: 'create-role',
  doc: 'CREATE ROLE',
  async run(context, { name, externalId }) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    requireSystemPrivilege(transaction.catalog(), session.user, 'CREATE ROLE', 'create roles');
    checkRoleName(transaction.catalog(), name);
    const owner = await lockOwner(session, transaction, undefined, 'role');
    const catalog = transaction.catalog();
    checkRoleName(catalog, name);
    if (catalog.objects('role').length >= ROLES_MAX) throw limitReached('roles', String(ROLES_MAX));
    putObject(transaction, {
      kind: 'role',
      oid: services.transactions.nextOid(),
      name,
      ownerOid: owner.oid,
      members: [],
      system: [],
      ...(externalId === undefined ? {} : { externalId }),
    });
    return { tag: 'CREATE ROLE' };
  },
});
