/**
 * SVV_INTEGRATION: zero-ETL integrations; there are no zero-ETL integrations.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_integration',
  schema: 'pg_catalog',
  doc: 'zero-ETL integrations.',
  visibleTo: 'superuser',
  without: 'zero-ETL integrations',
  columns: columns(`
    integration_id character(128), target_database character(128), source character(128),
    state character(128), current_lag bigint, last_replicated_checkpoint character(128),
    total_tables_replicated integer, total_tables_failed integer, creation_time timestamp,
    refresh_interval integer, source_database character(128), is_history_mode boolean,
    latest_detected_change_time timestamp, latest_applied_change_time timestamp,
    auto_remediation boolean, latest_shipped_source_commit_time timestamp
  `),
});
