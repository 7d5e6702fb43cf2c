/**
 * GRANT and REVOKE: by what is given, to the file that does it. Each finds its objects and grantees in the same way for both
 * and differs in what it does to them.
 */
import type { GrantOrRevoke } from '../parser/statements/grant.ts';
import type { DdlContext } from './context.ts';
import { changeObjectPrivileges } from './grant-on-objects.ts';
import { changeRoles, changeSystemPrivileges } from './grant-roles.ts';
import { changeAssumeRole } from './grant-assumerole.ts';
import { changeScopedPrivileges } from './grant-scoped.ts';

export async function changePrivileges(context: DdlContext, statement: GrantOrRevoke): Promise<void> {
  context.transaction.requireXid();
  const { given } = statement;
  switch (given.kind) {
    case 'objects':
      return changeObjectPrivileges(context, given, statement);
    case 'scoped':
      return changeScopedPrivileges(context, given, statement);
    case 'roles':
      return changeRoles(context, given, statement);
    case 'system':
      return changeSystemPrivileges(context, given, statement);
    case 'assumerole':
      return changeAssumeRole(context, given, statement);
  }
}
