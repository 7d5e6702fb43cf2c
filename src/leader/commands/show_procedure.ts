/** SHOW PROCEDURE: the statement that makes the procedure again. */
import { routineDdl } from '../catalog/routine-text.ts';
import { requireRoutine } from '../catalog/routines.ts';
import { ROW_COLUMNS } from '../ddl/row-columns.ts';
import { recorded } from './recorded-command.ts';

export default recorded('utility', {
  kind: 'show-procedure',
  doc: 'SHOW PROCEDURE',
  async run({ session, transaction }, { routine: reference }) {
    const catalog = transaction.catalog();
    const routine = requireRoutine(catalog, session.searchPath(), reference);
    return { tag: 'SHOW', rows: { columns: ROW_COLUMNS['show-procedure']!, rows: [[routineDdl(catalog, routine)]] } };
  },
});
