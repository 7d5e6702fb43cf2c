/**
 * SYS_QUERY_DETAIL: every step of finished queries, summed over the slices (metrics_level step). Columns nobody
 * measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepAlerts } from './alerts.ts';
import { stepName } from './step-codes.ts';
import { blocksRead, blocksToDisk, byQuery, durationOf, queryUsers, skew, stepGroups, sum, tf } from './step-rows.ts';

export default systemView({
  name: 'sys_query_detail',
  schema: 'pg_catalog',
  doc: 'every step of finished queries, summed over the slices (metrics_level step).',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, query_id bigint, child_query_sequence integer, stream_id integer,
    segment_id integer, step_id integer, step_name text, table_id integer, table_name character(136),
    is_rrscan character(1), start_time timestamp, end_time timestamp, duration bigint, alert text,
    input_bytes bigint, input_rows bigint, output_bytes bigint, output_rows bigint, blocks_read bigint,
    blocks_write bigint, local_read_io bigint, remote_read_io bigint, source text,
    data_skewness integer, time_skewness integer, is_active character(1),
    spilled_block_local_disk bigint, spilled_block_remote_disk bigint, step_attribute character(64),
    metrics_level character(64), plan_parent_id integer, plan_node_id integer
  `),
  unknown: ['input_bytes', 'blocks_write', 'local_read_io', 'remote_read_io', 'source', 'step_attribute'],
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    const plans = await byQuery(ctx, 'queries', (q) => q.plan);
    return ctx.services.history
      .runSteps()
      .flatMap(stepGroups)
      .map(({ first, steps }) => {
        const start = steps.reduce((a, s) => (s.startMicros < a ? s.startMicros : a), first.startMicros);
        const end = steps.reduce((a, s) => (s.endMicros > a ? s.endMicros : a), first.endMicros);
        return {
          user_id: users.get(first.query) ?? null,
          query_id: first.query,
          child_query_sequence: 1,
          stream_id: first.stream,
          segment_id: first.segment,
          step_id: first.step,
          step_name: stepName(first.kind),
          table_id: first.tableId,
          table_name: first.scan === undefined ? null : first.tableName,
          is_rrscan: tf(steps.some((s) => s.scan?.isRangeRestricted ?? false)),
          start_time: start,
          end_time: end,
          duration: end - start,
          output_rows: sum(steps.map((s) => s.rows)),
          output_bytes: sum(steps.map((s) => s.bytes)),
          input_rows: first.scan === undefined ? null : sum(steps.map((s) => s.scan?.rowsPreUserFilter ?? 0)),
          blocks_read: sum(steps.map(blocksRead)),
          spilled_block_local_disk: sum(steps.map(blocksToDisk)),
          spilled_block_remote_disk: 0,
          data_skewness: skew(steps.map((s) => s.rows)),
          time_skewness: skew(steps.map(durationOf)),
          metrics_level: 'step',
          is_active: 'f',
          alert: steps.flatMap(stepAlerts).at(0)?.['event'] ?? null,
          plan_node_id: first.planNode === 0 ? null : first.planNode,
          plan_parent_id: plans.get(first.query)?.[first.planNode - 1]?.parentId ?? null,
        };
      });
  },
});
