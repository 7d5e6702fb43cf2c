/**
 * Rows of the step logs (STL_SCAN, STL_HASH ...) and what SVL_QUERY_SUMMARY and SVL_QUERY_REPORT make of them. Everything
 * comes from the StepRecords the slices counted; the query's user comes from its QueryRecord.
 */
import { BLOCK_BYTES_MAX } from '../../common/limits.ts';
import type { QueryId } from '../../common/ids.ts';
import type { Sequence } from '../../common/sequence.ts';
import type { HistoryLogs, StepRecord } from '../history/types.ts';
import type { SystemContext, SystemRow } from './define.ts';

export { LEADER_SLICE } from '../history/record-steps.ts';

/** User of each recorded query; a query still running belongs to the session whose last query it is. */
export async function queryUsers(ctx: SystemContext): Promise<ReadonlyMap<number, number>> {
  const users = await byQuery(ctx, 'queries', (q) => q.userid);
  const running = ctx.services.sessions().filter((s) => !users.has(s.last.queryId));
  return new Map([...running.map((s) => [s.last.queryId, s.user.oid] as const), ...users]);
}

/** What a log says of each query. */
export async function byQuery<K extends 'queries' | 'wlmQueries', V>(
  ctx: SystemContext,
  log: K,
  value: (record: HistoryLogs[K]) => V,
): Promise<ReadonlyMap<QueryId, V>> {
  const found = new Map<QueryId, V>();
  await ctx.services.history
    .read(log)
    .each((record) => found.set(record.query, value(record)), ctx.session.cancelSignal);
  return found;
}

/** The steps of all queries on all slices. */
export const allSteps = (ctx: SystemContext): Sequence<StepRecord> =>
  ctx.services.history.runSteps().flatMap((steps) => steps);

/** Columns every step log starts with. tasknum is the slice's own thread. */
export function stepBase(step: StepRecord, users: ReadonlyMap<number, number>): SystemRow {
  return {
    userid: users.get(step.query) ?? null,
    query: step.query,
    slice: step.slice,
    segment: step.segment,
    step: step.step,
    starttime: step.startMicros,
    endtime: step.endMicros,
    tasknum: step.slice,
    rows: step.rows,
  };
}

/** Rows of one kind of step. */
export async function stepRows(
  ctx: SystemContext,
  kinds: readonly string[],
  more: (step: StepRecord) => SystemRow = () => ({}),
): Promise<Sequence<SystemRow>> {
  const users = await queryUsers(ctx);
  return allSteps(ctx)
    .filter((s) => kinds.includes(s.kind))
    .map((s) => ({ ...stepBase(s, users), ...more(s) }));
}

/** Rows of what scans of tables counted: whose step it was, on which table, and what `of` tells of it. */
export async function scanRows(
  ctx: SystemContext,
  of: (scan: NonNullable<StepRecord['scan']>, step: StepRecord) => readonly SystemRow[],
): Promise<Sequence<SystemRow>> {
  const users = await queryUsers(ctx);
  return allSteps(ctx).flatMap((s) => {
    if (s.scan === undefined) return [];
    const { query, slice, segment, step, tableId: tbl } = s;
    const place = { userid: users.get(query) ?? null, query, slice, segment, step, tbl };
    return of(s.scan, s).map((row) => ({ ...place, ...row }));
  });
}

export const tf = (value: boolean): string => (value ? 't' : 'f');

export interface StepGroup {
  readonly first: StepRecord;
  readonly steps: readonly StepRecord[];
}
/** The records of each step of a run over all its slices. */
export function stepGroups(steps: readonly StepRecord[]): readonly StepGroup[] {
  const groups = new Map<string, StepRecord[]>();
  for (const step of steps) {
    const key = `${step.query}.${step.stream}.${step.segment}.${step.step}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return [...groups.values()].map((list) => ({ first: list[0] as StepRecord, steps: list }));
}

export const durationOf = (step: StepRecord): number => Number(step.endMicros - step.startMicros);
/** How much of the busiest slice's share the average slice has not, in percent: 0 when all do alike, towards 100 when one does all. */
export function skew(values: readonly number[]): number {
  const most = max(values);
  return most === 0 ? 0 : Math.round((1 - sum(values) / values.length / most) * 100);
}
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const max = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** Blocks that a scan decoded, of all its columns. */
export const blocksRead = (step: StepRecord): number => sum((step.scan?.blocks ?? []).map((b) => b.read));

/** 1 MB blocks that a step wrote to the temporary disk. */
export const blocksToDisk = (step: StepRecord): number => Math.ceil(step.diskBytes / BLOCK_BYTES_MAX);

const TEXT_PIECE = 200;
/** Text in pieces of 200 characters, as STL_QUERYTEXT and its like keep it; newlines become \n. */
export function textPieces(text: string): readonly string[] {
  const flat = text.replaceAll('\n', '\\n');
  const pieces: string[] = [];
  for (let at = 0; at === 0 || at < flat.length; at += TEXT_PIECE) pieces.push(flat.slice(at, at + TEXT_PIECE));
  return pieces;
}

/** Rows of STL_DDLTEXT and STL_UTILITYTEXT: the text of each logged statement of one kind, piece by piece. */
export function statementTextRows(ctx: SystemContext, kind: 'ddl' | 'utility'): Sequence<SystemRow> {
  return ctx.services.history
    .read('utilities')
    .filter((u) => u.kind === kind)
    .flatMap((u) =>
      textPieces(u.text).map((text, sequence) => ({
        userid: u.userid,
        xid: u.xid,
        pid: u.pid,
        label: u.label,
        starttime: u.startMicros,
        endtime: u.endMicros,
        sequence,
        text,
      })),
    );
}
