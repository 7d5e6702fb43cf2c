/**
 * SVL_QUERY_REPORT: every step of every query on every slice.
 */
import { columns, systemView } from './define.ts';
import { allSteps, queryUsers, tf } from './step-rows.ts';

export default systemView({
  name: 'svl_query_report',
  schema: 'pg_catalog',
  doc: 'every step of every query on every slice.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, start_time timestamp,
    end_time timestamp, elapsed_time bigint, rows bigint, bytes bigint, label character(256),
    is_diskbased character(1), workmem bigint, is_rrscan character(1), is_delayed_scan character(1),
    rows_pre_filter bigint
  `),
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    return allSteps(ctx).map((s) => ({
      userid: users.get(s.query) ?? null,
      query: s.query,
      slice: s.slice,
      segment: s.segment,
      step: s.step,
      start_time: s.startMicros,
      end_time: s.endMicros,
      elapsed_time: s.endMicros - s.startMicros,
      rows: s.rows,
      bytes: s.bytes,
      label: s.label,
      is_diskbased: tf(s.diskBytes > 0),
      workmem: s.workmem,
      is_rrscan: tf(s.scan?.isRangeRestricted ?? false),
      is_delayed_scan: 'f',
      rows_pre_filter: s.scan?.rowsPreFilter ?? 0,
    }));
  },
});
