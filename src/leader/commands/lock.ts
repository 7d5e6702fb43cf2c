/**
 * LOCK [TABLE] t [, ...]: AccessExclusiveLock on each table to the end of the transaction. Views cannot be
 * locked.
 */
import { lockRelation } from '../catalog/lock-by-name.ts';
import { asTable } from '../catalog/names.ts';
import { isOwner, requirePrivilege } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('utility', {
  kind: 'lock',
  doc: 'LOCK',
  async run(context, statement) {
    const { session, transaction } = context;
    for (const name of statement.tables) {
      await lockRelation(session, transaction, name, 'AccessExclusiveLock', (relation) => {
        const table = asTable(relation);
        if (isOwner(session.user, table)) return;
        for (const letter of ['r', 'a', 'w', 'd'])
          requirePrivilege(transaction.catalog(), session.user, table, letter);
      });
    }
    return { tag: 'LOCK TABLE' };
  },
});
