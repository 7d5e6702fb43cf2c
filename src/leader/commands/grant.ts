/** GRANT privileges on tables, schemas and databases to users, groups and PUBLIC. */
import { changePrivileges } from '../catalog/change-privileges.ts';
import { recorded } from '../catalog/recorded-command.ts';

export default recorded<'grant' | 'revoke'>('ddl', {
  kind: 'grant',
  doc: 'GRANT',
  async run(context, statement) {
    await changePrivileges(context, statement, true);
    return { tag: 'GRANT' };
  },
});
