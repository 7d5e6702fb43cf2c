/** SVV_QUERY_STATE: steps of queries that run now, over all their slices; cpu, the time a segment was at work, stands at its first step. */
import { liveQueries } from './live-steps.ts';
import { busyOf } from './query-metrics.ts';
import { durationOf, max, queryUsers, stepGroups, sum, tf } from './step-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_query_state',
  schema: 'pg_catalog',
  doc: 'steps of queries that run now, over all their slices.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, seg integer, step integer, maxtime integer, avgtime integer,
    rows bigint, bytes bigint, cpu bigint, memory bigint, rate_row double precision,
    rate_byte double precision, label character(25), is_diskbased character(1), workmem bigint,
    num_parts integer, is_rrscan character(1), is_delayed_scan character(1)
  `),
  unknown: ['memory', 'num_parts'],
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    return (await liveQueries(ctx)).flatMap(({ steps }) =>
      stepGroups(steps).map(({ first, steps: own }) => {
        const times = own.map(durationOf);
        const rows = sum(own.map((s) => s.rows));
        const bytes = sum(own.map((s) => s.bytes));
        const seconds = max(times) / 1e6;
        return {
          userid: users.get(first.query) ?? null,
          query: first.query,
          seg: first.segment,
          step: first.step,
          maxtime: max(times),
          avgtime: Math.round(sum(times) / times.length),
          rows,
          bytes,
          cpu: first.step === 0 ? sum(own.map(busyOf)) : null,
          rate_row: seconds === 0 ? null : rows / seconds,
          rate_byte: seconds === 0 ? null : bytes / seconds,
          label: first.label,
          is_diskbased: tf(own.some((s) => s.diskBytes > 0)),
          workmem: sum(own.map((s) => s.workmem)),
          is_rrscan: tf(own.some((s) => s.scan?.isRangeRestricted ?? false)),
          is_delayed_scan: 'f',
        };
      }),
    );
  },
});
