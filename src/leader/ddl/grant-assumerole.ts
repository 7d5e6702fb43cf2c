/**
 * GRANT and REVOKE ASSUMEROLE: which IAM roles a user, group or role may name in COPY, UNLOAD, CREATE EXTERNAL FUNCTION and
 * CREATE MODEL. Everybody may name every role until that is revoked from PUBLIC on ALL.
 */
import { RDSDB_OID } from '../catalog/bootstrap.ts';
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import type { IamRoleObject } from '../catalog/objects.ts';
import { aclOf, grant, privilegeLetters, requireSuperuser, revoke } from '../catalog/privileges.ts';
import type { Given, GrantOrRevoke } from '../parser/statements/grant.ts';
import type { DdlContext } from './context.ts';
import { granteesOf, namedGrantees } from './grant-on-objects.ts';

export async function changeAssumeRole(
  { services, session, transaction }: DdlContext,
  { roles, commands }: Extract<Given, { kind: 'assumerole' }>,
  statement: GrantOrRevoke,
): Promise<void> {
  requireSuperuser(session.user, 'grant ASSUMEROLE');
  const letters = privilegeLetters('iam-role', commands);
  const { known, grantees } = await lockUses(transaction, () => {
    const catalog = transaction.catalog();
    const to = granteesOf(catalog, statement.grantees);
    const changes = roles.flatMap((name) => catalog.named('iam-role', name) ?? []);
    return { value: { known: changes, grantees: to }, changes, names: namedGrantees(to) };
  });
  for (const name of new Set(roles)) {
    const old = known.find((role) => role.name === name);
    const role: IamRoleObject = old ?? {
      kind: 'iam role',
      oid: services.transactions.nextOid(),
      name,
      ownerOid: RDSDB_OID,
    };
    const acl = grantees.reduce(
      (now, { number }) =>
        statement.kind === 'grant' ? grant(now, number, session.user.oid, letters) : revoke(now, number, letters),
      aclOf(role),
    );
    putObject(transaction, { ...role, acl });
  }
}
