/**
 * SVL_QUERY_QUEUE_INFO: how long finished queries waited for their slots, and ran; times in seconds. Columns nobody
 * measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { serviceClassName, wlmRecords } from './wlm-rows.ts';

const TEXT_LENGTH = 100;
const seconds = (micros: number): number => Math.floor(micros / 1_000_000);

export default systemView({
  name: 'svl_query_queue_info',
  schema: 'pg_catalog',
  doc: 'how long finished queries waited for their slots, and ran.',
  visibleTo: 'superuser',
  columns: columns(`
    database text, query integer, xid bigint, userid integer, querytxt text, queue_start_time timestamp,
    exec_start_time timestamp, service_class integer, slots integer, queue_elapsed bigint,
    exec_elapsed bigint, wlm_total_elapsed bigint, commit_queue_elapsed bigint, commit_exec_time bigint,
    service_class_name character(64)
  `),
  unknown: ['commit_queue_elapsed'],
  rows: async (ctx) => {
    const records = await wlmRecords(ctx);
    const commits = new Map<number, number>();
    await ctx.services.history
      .read('commits')
      .each((c) => commits.set(c.xid, Number(c.endMicros - c.startMicros)), ctx.session.cancelSignal);
    return ctx.services.history.read('queries').flatMap((q) => {
      const w = records.get(q.query);
      if (w === undefined) return [];
      return [
        {
          database: q.database,
          query: q.query,
          xid: q.xid,
          userid: q.userid,
          querytxt: q.text.slice(0, TEXT_LENGTH),
          queue_start_time: w.startMicros,
          exec_start_time: w.startMicros + BigInt(w.queueMicros),
          service_class: w.serviceClass,
          slots: w.slotCount,
          queue_elapsed: seconds(w.queueMicros),
          exec_elapsed: seconds(w.execMicros),
          commit_exec_time: seconds(commits.get(q.xid) ?? 0),
          wlm_total_elapsed: seconds(w.queueMicros + w.execMicros),
          service_class_name: serviceClassName(w.serviceClass),
        },
      ];
    });
  },
});
