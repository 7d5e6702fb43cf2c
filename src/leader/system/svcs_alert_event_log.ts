/**
 * SVCS_ALERT_EVENT_LOG: columns of STL_ALERT_EVENT_LOG.
 */
import { sameAs } from './define.ts';
import stlAlertEventLog from './stl_alert_event_log.ts';

export default sameAs(
  stlAlertEventLog,
  'svcs_alert_event_log',
  'STL_ALERT_EVENT_LOG; there are no concurrency scaling clusters whose rows it would add.',
  ['userid', 'query', 'segment', 'step', 'pid', 'xid', 'event', 'solution', 'event_time'],
);
