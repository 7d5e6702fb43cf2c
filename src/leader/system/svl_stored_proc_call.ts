/**
 * SVL_STORED_PROC_CALL: procedure calls; there are no stored procedures.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_stored_proc_call',
  schema: 'pg_catalog',
  doc: 'procedure calls.',
  visibleTo: 'own-rows',
  without: 'stored procedures',
  columns: columns(`
    userid integer, session_userid integer, query integer, label character(320), xid bigint,
    pid integer, database character(32), querytxt character(4000), starttime timestamp,
    endtime timestamp, aborted integer, from_sp_call integer
  `),
});
