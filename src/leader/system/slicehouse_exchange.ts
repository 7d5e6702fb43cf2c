/**
 * SLICEHOUSE_EXCHANGE: who sent what to whom. One row per sending step and pair of slices (the leader is 10000): what the
 * sender counted and, where the edge ends, what the receiver counted. A view of our own: Redshift shows the margins only (STL_DIST, STL_BCAST).
 */
import type { EdgeCounts, RunRecord } from '../history/types.ts';
import { LEADER_SLICE } from '../history/record-steps.ts';
import type { SystemRow } from './define.ts';
import { columns, systemView } from './define.ts';
import { queryUsers } from './step-rows.ts';

/** What receivers counted, by edge, sender and receiver. */
function receivedBy(run: RunRecord, sending: ReadonlySet<number>): ReadonlyMap<string, EdgeCounts> {
  const received = new Map<string, EdgeCounts>();
  for (const c of run.counts) {
    if (sending.has(c.step)) continue;
    for (const e of c.edges ?? []) received.set(`${run.steps[c.step]!.edge}.${e.peer}.${c.slice}`, e);
  }
  for (const e of run.result?.received ?? []) received.set(`${run.result!.edge}.${e.peer}.${LEADER_SLICE}`, e);
  return received;
}
/** The step that ends an edge: branches of a UNION ALL send on one edge one after the other. */
function lastOn(run: RunRecord, sending: ReadonlySet<number>): ReadonlyMap<number, number> {
  return new Map([...sending].map((step) => [run.steps[step]!.edge, step]));
}
/** The last steps of their segments send, the first ones receive. */
function sendingSteps(run: RunRecord): ReadonlySet<number> {
  return new Set(run.steps.flatMap((s, i) => (s.edge >= 0 && s.step > 0 ? [i] : [])));
}

export default systemView({
  name: 'slicehouse_exchange',
  schema: 'pg_catalog',
  doc: 'rows and bytes that each slice sent to each other one, by step, as sender and receiver counted them.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, segment integer, step integer, step_name text, from_slice integer,
    to_slice integer, rows_sent bigint, bytes_sent bigint, packets_sent bigint, rows_received bigint,
    bytes_received bigint, packets_received bigint, is_cut character(1)
  `),
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    return ctx.services.history.read('runs').flatMap((run) => {
      const sending = sendingSteps(run);
      const received = receivedBy(run, sending);
      const last = lastOn(run, sending);
      return run.counts.flatMap((c): SystemRow[] => {
        const step = run.steps[c.step]!;
        if (!sending.has(c.step)) return [];
        return (c.edges ?? []).map((sent) => {
          const isLast = last.get(step.edge) === c.step;
          const got = isLast ? received.get(`${step.edge}.${c.slice}.${sent.peer}`) : undefined;
          return {
            userid: users.get(run.query) ?? null,
            query: run.query,
            segment: step.segment,
            step: step.step,
            step_name: step.kind,
            from_slice: c.slice,
            to_slice: sent.peer,
            rows_sent: sent.rows,
            bytes_sent: sent.bytes,
            packets_sent: sent.packets,
            rows_received: got?.rows ?? null,
            bytes_received: got?.bytes ?? null,
            packets_received: got?.packets ?? null,
            is_cut: sent.isCut || got?.isCut === true ? 't' : 'f',
          };
        });
      });
    });
  },
});
