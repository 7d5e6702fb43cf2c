/**
 * SYS_QUERY_HISTORY: finished queries. Columns nobody measures here are NULL and listed in `unknown`.
 */
import type { QueryId } from '../../common/ids.ts';
import { VERSION_TEXT } from '../../common/version.ts';
import type { WlmRecord } from '../history/types.ts';
import { userName } from './catalog-rows.ts';
import { columns, systemView, type SystemRow } from './define.ts';
import { priorityOf, serviceClassName, wlmRecords } from './wlm-rows.ts';

const TYPES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'UNLOAD', 'COPY'];

/** The first word behind comments; WITH counts as SELECT. */
function queryType(text: string): string {
  const bare = text.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()+/, '');
  const word = /^[a-z]+/i.exec(bare)?.[0].toUpperCase() ?? '';
  return word === 'WITH' ? 'SELECT' : TYPES.includes(word) ? word : 'OTHER';
}

/** Queries of the leader alone are in no service class. */
const classOf = (record: WlmRecord): SystemRow => ({
  service_class_id: record.serviceClass,
  service_class_name: serviceClassName(record.serviceClass),
  query_priority: priorityOf(record),
});

export default systemView({
  name: 'sys_query_history',
  schema: 'pg_catalog',
  doc: 'finished queries.',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, query_id bigint, query_label character(320), transaction_id bigint,
    session_id integer, database_name character(128), query_type character(32), status character(10),
    result_cache_hit boolean, start_time timestamp, end_time timestamp, elapsed_time bigint,
    queue_time bigint, execution_time bigint, error_message character(512), returned_rows bigint,
    returned_bytes bigint, query_text character(4000), redshift_version character(256),
    usage_limit character(150), compute_type varchar(32), compile_time bigint, planning_time bigint,
    lock_wait_time bigint, service_class_id integer, service_class_name character(64),
    query_priority character(20), short_query_accelerated character(10), user_query_hash character(40),
    generic_query_hash character(40), query_hash_version integer, result_cache_query_id integer,
    username character(128)
  `),
  unknown: [
    'usage_limit',
    'planning_time',
    'lock_wait_time',
    'user_query_hash',
    'generic_query_hash',
    'query_hash_version',
  ],
  rows: async (ctx) => {
    const waits = await wlmRecords(ctx);
    const compiles = new Map<QueryId, number>();
    await ctx.services.history
      .read('compiles')
      .each(
        (c) => compiles.set(c.query, (compiles.get(c.query) ?? 0) + Number(c.endMicros - c.startMicros)),
        ctx.session.cancelSignal,
      );
    return ctx.services.history.read('queries').map((q) => ({
      ...(waits.has(q.query) ? classOf(waits.get(q.query)!) : {}),
      queue_time: waits.get(q.query)?.queueMicros ?? 0,
      execution_time: q.endMicros - q.startMicros - BigInt(waits.get(q.query)?.queueMicros ?? 0),
      user_id: q.userid,
      query_id: q.query,
      query_label: q.label,
      transaction_id: q.xid,
      session_id: q.pid,
      database_name: q.database,
      query_type: queryType(q.text),
      status: q.aborted === 1 ? 'failed' : 'success',
      start_time: q.startMicros,
      end_time: q.endMicros,
      elapsed_time: q.endMicros - q.startMicros,
      compile_time: compiles.get(q.query) ?? 0,
      // No result is kept for others, and no query is taken before its turn.
      result_cache_hit: false,
      result_cache_query_id: null,
      short_query_accelerated: 'false',
      error_message: q.error ?? null,
      returned_rows: q.rows ?? null,
      returned_bytes: q.bytes ?? null,
      query_text: q.text,
      redshift_version: VERSION_TEXT.slice(VERSION_TEXT.indexOf('Redshift')),
      compute_type: 'primary',
      username: userName(ctx, q.userid),
    }));
  },
});
