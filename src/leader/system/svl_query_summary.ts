/**
 * SVL_QUERY_SUMMARY: every step of every query, summed over the slices; times are microseconds.
 */
import { columns, systemView } from './define.ts';
import { durationOf, max, queryUsers, stepGroups, sum, tf } from './step-rows.ts';

export default systemView({
  name: 'svl_query_summary',
  schema: 'pg_catalog',
  doc: 'every step of every query, summed over the slices; times are microseconds.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, stm integer, seg integer, step integer, maxtime bigint,
    avgtime bigint, rows bigint, bytes bigint, rate_row double precision, rate_byte double precision,
    label varchar(164), is_diskbased character(1), workmem bigint, is_rrscan character(1),
    is_delayed_scan character(1), rows_pre_filter bigint
  `),
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    return ctx.services.history
      .runSteps()
      .flatMap(stepGroups)
      .map(({ first, steps }) => {
        const times = steps.map(durationOf);
        const rows = sum(steps.map((s) => s.rows));
        const bytes = sum(steps.map((s) => s.bytes));
        const seconds = max(times) / 1e6;
        return {
          userid: users.get(first.query) ?? null,
          query: first.query,
          stm: first.stream,
          seg: first.segment,
          step: first.step,
          maxtime: max(times),
          avgtime: Math.round(sum(times) / times.length),
          rows: rows,
          bytes: bytes,
          rate_row: seconds === 0 ? null : rows / seconds,
          rate_byte: seconds === 0 ? null : bytes / seconds,
          label: first.label,
          is_diskbased: tf(steps.some((s) => s.diskBytes > 0)),
          workmem: sum(steps.map((s) => s.workmem)),
          is_rrscan: tf(steps.some((s) => s.scan?.isRangeRestricted ?? false)),
          is_delayed_scan: 'f',
          rows_pre_filter: sum(steps.map((s) => s.scan?.rowsPreFilter ?? 0)),
        };
      });
  },
});
