/**
 * STL_WLM_QUERY: queries that left their service class: Completed, or Evicted when they left before they had slots.
 * Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { priorityOf, serviceClassName } from './wlm-rows.ts';

export default systemView({
  name: 'stl_wlm_query',
  schema: 'pg_catalog',
  doc: 'queries that left their service class.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, xid integer, task integer, query integer, service_class integer, slot_count integer,
    service_class_start_time timestamp, queue_start_time timestamp, queue_end_time timestamp,
    total_queue_time bigint, exec_start_time timestamp, exec_end_time timestamp, total_exec_time bigint,
    service_class_end_time timestamp, final_state character(16), est_peak_mem bigint,
    query_priority character(20), service_class_name character(64)
  `),
  unknown: ['est_peak_mem'],
  rows: (ctx) =>
    ctx.services.history.read('wlmQueries').map((w) => {
      const execStart = w.startMicros + BigInt(w.queueMicros);
      return {
        userid: w.userid,
        xid: w.xid,
        task: w.task,
        query: w.query,
        service_class: w.serviceClass,
        slot_count: w.slotCount,
        service_class_start_time: w.startMicros,
        queue_start_time: w.startMicros,
        queue_end_time: execStart,
        total_queue_time: w.queueMicros,
        exec_start_time: execStart,
        exec_end_time: execStart + BigInt(w.execMicros),
        total_exec_time: w.execMicros,
        service_class_end_time: w.endMicros,
        final_state: w.state,
        query_priority: priorityOf(w),
        service_class_name: serviceClassName(w.serviceClass),
      };
    }),
});
