/** SVL_MULTI_STATEMENT_VIOLATIONS: statements that were refused inside a transaction block. */
import { textPieces } from './step-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_multi_statement_violations',
  schema: 'pg_catalog',
  doc: 'statements that were refused inside a transaction block.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, database character(32), cmdname character(40), xid bigint, pid integer,
    label character(320), starttime timestamp, endtime timestamp, sequence integer, type varchar(10),
    text character(200)
  `),
  rows: (ctx) =>
    ctx.services.history.read('violations').flatMap((v) =>
      textPieces(v.text).map((text, sequence) => ({
        userid: v.userid,
        database: v.database,
        cmdname: v.command,
        xid: v.xid,
        pid: v.pid,
        label: v.label,
        starttime: v.startMicros,
        endtime: v.endMicros,
        sequence,
        type: 'UTILITY',
        text,
      })),
    ),
});
