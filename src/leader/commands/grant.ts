/** GRANT privileges on objects, roles and system privileges to users, groups, roles and PUBLIC. */
import { changePrivileges } from '../ddl/change-privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded<'grant' | 'revoke'>('ddl', {
  kind: 'grant',
  doc: 'GRANT',
  async run(context, statement) {
    await changePrivileges(context, statement);
    return { tag: 'GRANT' };
  },
});
