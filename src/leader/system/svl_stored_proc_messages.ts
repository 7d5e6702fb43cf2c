/**
 * SVL_STORED_PROC_MESSAGES: RAISE messages; there are no stored procedures.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_stored_proc_messages',
  schema: 'pg_catalog',
  doc: 'RAISE messages.',
  visibleTo: 'own-rows',
  without: 'stored procedures',
  columns: columns(`
    userid integer, session_userid integer, pid integer, xid bigint, query integer,
    recordtime timestamp, loglevel integer, loglevel_text character(10),
    message character(1024), linenum integer, querytext character(500), label character(320),
    aborted integer, message_xid bigint
  `),
});
