/** REVOKE privileges on objects, roles and system privileges from users, groups, roles and PUBLIC. */
import { changePrivileges } from '../ddl/change-privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded<'grant' | 'revoke'>('ddl', {
  kind: 'revoke',
  doc: 'REVOKE',
  async run(context, statement) {
    await changePrivileges(context, statement);
    return { tag: 'REVOKE' };
  },
});
