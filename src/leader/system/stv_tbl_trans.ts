/** STV_TBL_TRANS: tables of intermediate results that running queries have in memory; rows are known when the step has ended. */
import { liveQueries } from './live-steps.ts';
import { columns, systemView } from './define.ts';

/** Steps that keep rows. */
const KEEPS: ReadonlySet<string> = new Set(['aggr', 'hash', 'save', 'sort', 'unique', 'window']);

export default systemView({
  name: 'stv_tbl_trans',
  schema: 'pg_catalog',
  doc: 'tables of intermediate results that running queries have in memory.',
  visibleTo: 'superuser',
  columns: columns(`
    slice integer, id integer, rows bigint, size bigint, query_id bigint, ref_cnt integer,
    from_suspended integer, prep_swap integer
  `),
  unknown: ['ref_cnt'],
  rows: async (ctx) =>
    (await liveQueries(ctx)).flatMap(({ steps }) =>
      steps
        .filter((s) => KEEPS.has(s.kind) && s.workmem > 0)
        .map((s) => ({
          slice: s.slice,
          id: s.tableId,
          rows: s.rows,
          size: s.workmem,
          query_id: s.query,
          from_suspended: 0,
          prep_swap: 0,
        })),
    ),
});
