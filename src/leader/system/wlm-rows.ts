/**
 * What the WLM views share: the queries that are in a service class now and the reader may see, and those that have left it.
 */
import type { QueryId } from '../../common/ids.ts';
import type { WlmRecord } from '../history/types.ts';
import { NORMAL } from '../scheduler/priorities.ts';
import { SERVICE_CLASSES, type WlmQuery } from '../scheduler/wlm.ts';
import type { SystemContext } from './define.ts';
import { byQuery } from './step-rows.ts';

const NAMES: ReadonlyMap<number, string> = new Map(SERVICE_CLASSES.map((c) => [c.id, c.name]));
export const serviceClassName = (id: number): string | null => NAMES.get(id) ?? null;
/** Of a query that has left; earlier versions kept none. */
export const priorityOf = ({ priority }: WlmRecord): string => priority ?? NORMAL;

export function presentQueries({ services, session: { user } }: SystemContext): readonly WlmQuery[] {
  return services.wlm.queries().filter((q) => user.superuser || q.userid === user.oid);
}
/** Queries that left their service class, by number. */
export const wlmRecords = (ctx: SystemContext): Promise<ReadonlyMap<QueryId, WlmRecord>> =>
  byQuery(ctx, 'wlmQueries', (w) => w);

export const queueMicros = (q: WlmQuery, now: bigint): bigint => (q.execStartMicros ?? now) - q.startMicros;
export const execMicros = (q: WlmQuery, now: bigint): bigint =>
  q.execStartMicros === undefined ? 0n : (q.execEndMicros ?? now) - q.execStartMicros;
