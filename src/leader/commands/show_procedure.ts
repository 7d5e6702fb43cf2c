/** SHOW PROCEDURE: the statement that makes the procedure again. */
import { routineDdl } from '../catalog/routine-text.ts';
import { requireRoutine } from '../catalog/routines.ts';
import { recorded } from './recorded-command.ts';

export const SHOW_PROCEDURE_COLUMN = 'Stored Procedure Definition';

export default recorded('utility', {
  kind: 'show-procedure',
  doc: 'SHOW PROCEDURE',
  async run({ session, transaction }, { routine: reference }) {
    const catalog = transaction.catalog();
    const routine = requireRoutine(catalog, session.searchPath(), reference);
    return { tag: 'SHOW', rows: { columns: [SHOW_PROCEDURE_COLUMN], rows: [[routineDdl(catalog, routine)]] } };
  },
});
