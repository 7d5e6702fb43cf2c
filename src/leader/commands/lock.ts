/**
 * LOCK [TABLE] t [, ...]: AccessExclusiveLock on each table to the end of the transaction. Views cannot be
 * locked.
 */
import { asTable, requireRelation, lockRelation } from '../catalog/names.ts';
import { isOwner, requireRelationPrivilege } from '../catalog/privileges.ts';
import { recorded } from '../catalog/recorded-command.ts';

export default recorded('utility', {
  kind: 'lock',
  doc: 'LOCK',
  async run(context, statement) {
    const { session, transaction } = context;
    for (const name of statement.tables) {
      const table = asTable(requireRelation(transaction.catalog(), session.searchPath(), name));
      if (!isOwner(session.user, table)) {
        for (const letter of ['r', 'a', 'w', 'd'])
          requireRelationPrivilege(transaction.catalog(), session.user, table, letter);
      }
      await lockRelation(session, transaction, name, 'AccessExclusiveLock');
    }
    return { tag: 'LOCK TABLE' };
  },
});
