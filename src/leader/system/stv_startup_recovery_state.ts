/**
 * STV_STARTUP_RECOVERY_STATE: tables that stay locked while the cluster restarts; there are no tables locked after a restart.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stv_startup_recovery_state',
  schema: 'pg_catalog',
  doc: 'tables that stay locked while the cluster restarts.',
  visibleTo: 'superuser',
  without: 'tables locked after a restart',
  columns: columns(`
    db_id integer, table_id integer, table_name character(137)
  `),
});
