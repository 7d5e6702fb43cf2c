/**
 * STL_RESTARTED_SESSIONS: sessions restarted after internal event; there are no sessions restarted after an internal event.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stl_restarted_sessions',
  schema: 'pg_catalog',
  doc: 'sessions restarted after internal event.',
  visibleTo: 'everyone',
  without: 'sessions restarted after an internal event',
  columns: columns(`
    currenttime timestamp, dbname character(50), newpid integer, oldpid integer,
    username character(50), remotehost character(50), remoteport character(50),
    parkedtime timestamp, session_vars character(2000)
  `),
});
