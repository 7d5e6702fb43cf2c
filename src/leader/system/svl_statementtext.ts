/**
 * SVL_STATEMENTTEXT: texts of queries, DDL and utility statements together.
 */
import { Sequence } from '../../common/sequence.ts';
import type { QueryRecord } from '../history/types.ts';
import { columns, systemView, type SystemRow } from './define.ts';
import { textPieces } from './step-rows.ts';

type Logged = Pick<QueryRecord, 'userid' | 'xid' | 'pid' | 'label' | 'startMicros' | 'endMicros' | 'text'>;
const pieces = (s: Logged, type: string): readonly SystemRow[] =>
  textPieces(s.text).map((text, sequence) => ({
    userid: s.userid,
    xid: s.xid,
    pid: s.pid,
    label: s.label,
    starttime: s.startMicros,
    endtime: s.endMicros,
    sequence,
    type,
    text,
  }));

export default systemView({
  name: 'svl_statementtext',
  schema: 'pg_catalog',
  doc: 'texts of queries, DDL and utility statements together.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, xid bigint, pid integer, label character(320), starttime timestamp,
    endtime timestamp, sequence integer, type varchar(10), text character(200)
  `),
  rows: ({ services: { history } }) => {
    const queries = history.read('queries').flatMap((q) => pieces(q, 'QUERY'));
    return Sequence.of(
      queries,
      history.read('utilities').flatMap((u) => pieces(u, u.kind.toUpperCase())),
    );
  },
});
