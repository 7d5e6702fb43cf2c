/**
 * SVL_STATEMENTTEXT: texts of queries, DDL and utility statements together, by start time.
 */
import { columns, systemView } from './define.ts';
import { textPieces } from './step-rows.ts';

export default systemView({
  name: 'svl_statementtext',
  schema: 'pg_catalog',
  doc: 'texts of queries, DDL and utility statements together, by start time.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, xid bigint, pid integer, label character(320), starttime timestamp,
    endtime timestamp, sequence integer, type varchar(10), text character(200)
  `),
  rows: (ctx) => {
    const { history } = ctx.services;
    const all = [
      ...history.read('queries').map((q) => ({ ...q, type: 'QUERY' })),
      ...history.read('utilities').map((u) => ({ ...u, type: u.kind.toUpperCase() })),
    ].sort((a, b) => (a.startMicros < b.startMicros ? -1 : a.startMicros > b.startMicros ? 1 : 0));
    return all.flatMap((s) =>
      textPieces(s.text).map((text, sequence) => ({
        userid: s.userid,
        xid: s.xid,
        pid: s.pid,
        label: s.label,
        starttime: s.startMicros,
        endtime: s.endMicros,
        sequence,
        type: s.type,
        text: text,
      })),
    );
  },
});
