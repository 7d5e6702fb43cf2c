/** GRANT privileges on tables, schemas and databases to users, groups and PUBLIC. */
import { changePrivileges } from '../ddl/change-privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded<'grant' | 'revoke'>('ddl', {
  kind: 'grant',
  doc: 'GRANT',
  async run(context, statement) {
    await changePrivileges(context, statement, true);
    return { tag: 'GRANT' };
  },
});
