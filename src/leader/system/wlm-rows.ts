/**
 * What the WLM views share: the queries that are in a service class now and the reader may see, and those that have left it.
 */
import type { QueryId } from '../../common/ids.ts';
import type { WlmRecord } from '../history/types.ts';
import { NORMAL, priorityNamed, type Priority } from '../scheduler/priorities.ts';
import { SERVICE_CLASSES, type WlmQuery } from '../scheduler/wlm.ts';
import type { SystemContext } from './define.ts';
import { seesAllRows } from './sight.ts';
import { byQuery } from './step-rows.ts';

const NAMES: ReadonlyMap<number, string> = new Map(SERVICE_CLASSES.map((c) => [c.id, c.name]));
export const serviceClassName = (id: number): string | null => NAMES.get(id) ?? null;
/** Of a query that has left; earlier versions kept none. */
export const priorityOf = ({ priority }: WlmRecord): string => priority ?? NORMAL;

export function presentQueries(ctx: SystemContext): readonly WlmQuery[] {
  const { user } = ctx.session;
  const all = seesAllRows(ctx);
  return ctx.services.wlm.queries().filter((q) => all || q.userid === user.oid);
}
/** Queries that left their service class, by number. */
export const wlmRecords = (ctx: SystemContext): Promise<ReadonlyMap<QueryId, WlmRecord>> =>
  byQuery(ctx, 'wlmQueries', (w) => w);

/** How a query passed its queue, or waits in it. */
export interface PassedQueue {
  readonly serviceClass: number;
  readonly queueMicros: number;
  readonly priority: Priority;
}
export const passedQueue = (w: WlmRecord | undefined): PassedQueue | undefined =>
  w && { serviceClass: w.serviceClass, queueMicros: w.queueMicros, priority: priorityNamed(priorityOf(w)) };
export const queueNow = (q: WlmQuery | undefined, now: bigint): PassedQueue | undefined =>
  q && { serviceClass: q.serviceClass.id, queueMicros: Number(queueMicros(q, now)), priority: q.priority };

export const queueMicros = (q: WlmQuery, now: bigint): bigint => (q.execStartMicros ?? now) - q.startMicros;
export const execMicros = (q: WlmQuery, now: bigint): bigint =>
  q.execStartMicros === undefined ? 0n : (q.execEndMicros ?? now) - q.execStartMicros;
