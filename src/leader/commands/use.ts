/**
 * USE database: accepted for the session's own database. Working in another one without a new connection is
 * refused.
 */
import { featureNotSupported, undefinedDatabase } from '../../common/errors/catalogue.ts';
import { recorded } from './recorded-command.ts';

export default recorded('utility', {
  kind: 'use',
  doc: 'USE',
  async run(context, statement) {
    const { session, transaction } = context;
    if (
      !transaction
        .catalog()
        .databases()
        .some((d) => d.name === statement.database)
    ) {
      throw undefinedDatabase(statement.database);
    }
    if (statement.database !== session.database) {
      throw featureNotSupported(
        `USE of another database is not supported; connect to "${statement.database}" instead`,
      );
    }
    return { tag: 'USE' };
  },
});
