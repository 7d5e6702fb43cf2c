/** REVOKE privileges on tables, schemas and databases from users, groups and PUBLIC. */
import { changePrivileges } from '../ddl/change-privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded<'grant' | 'revoke'>('ddl', {
  kind: 'revoke',
  doc: 'REVOKE',
  async run(context, statement) {
    await changePrivileges(context, statement, false);
    return { tag: 'REVOKE' };
  },
});
