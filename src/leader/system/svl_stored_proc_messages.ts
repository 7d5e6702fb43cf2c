/**
 * SVL_STORED_PROC_MESSAGES: messages of RAISE, from the level of stored_proc_log_min_messages up.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_stored_proc_messages',
  schema: 'pg_catalog',
  doc: 'messages of RAISE, from the level of stored_proc_log_min_messages up.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, session_userid integer, pid integer, xid bigint, query integer,
    recordtime timestamp, loglevel integer, loglevel_text character(10),
    message character(1024), linenum integer, querytext character(500), label character(320),
    aborted integer, message_xid bigint
  `),
  rows: (ctx) => {
    const { history } = ctx.services;
    const calls = new Map([...history.read('procedureCalls')].map((c) => [c.query, c]));
    return history.read('procedureMessages').map((m) => {
      const call = calls.get(m.query);
      return {
        userid: m.userid,
        session_userid: m.sessionUserid,
        pid: m.pid,
        xid: call?.xid ?? m.xid,
        query: m.query,
        recordtime: m.timeMicros,
        loglevel: m.level,
        loglevel_text: m.levelText,
        message: m.message,
        linenum: m.line,
        querytext: call?.text ?? m.text,
        label: m.label,
        aborted: call?.aborted ?? 0,
        message_xid: m.xid,
      };
    });
  },
});
