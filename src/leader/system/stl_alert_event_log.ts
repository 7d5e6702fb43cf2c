/**
 * STL_ALERT_EVENT_LOG: conditions worth a look in finished queries: missing statistics, nested loops, very
 * selective filters, many rows moved.
 */
import type { QueryId } from '../../common/ids.ts';
import type { SystemRow } from './define.ts';
import { planAlerts, stepAlerts } from './alerts.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_alert_event_log',
  schema: 'pg_catalog',
  doc:
    'conditions worth a look in finished queries: missing statistics, nested loops, very selective ' +
    'filters, many rows moved.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, pid integer,
    xid bigint, event character(1024), solution character(1024), event_time timestamp
  `),
  rows: async (ctx) => {
    const { history } = ctx.services;
    const ofSteps = new Map<QueryId, readonly SystemRow[]>();
    await history.runSteps().each((steps) => {
      const alerts = steps.flatMap(stepAlerts);
      if (alerts.length > 0) ofSteps.set(steps[0]!.query, alerts);
    }, ctx.session.cancelSignal);
    return history.read('queries').flatMap((q) => {
      const base = { userid: q.userid, query: q.query, pid: q.pid, xid: q.xid, event_time: q.endMicros };
      return [...planAlerts(q), ...(ofSteps.get(q.query) ?? [])].map((a) => ({ ...base, ...a }));
    });
  },
});
