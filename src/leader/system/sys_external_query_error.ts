/**
 * SYS_EXTERNAL_QUERY_ERROR: rows; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_external_query_error',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    user_id integer, query_id bigint, file_location character(256), rowid character(2100),
    column_name character(127), original_value character(1024), modified_value character(1024),
    trigger character(128), action character(128), action_value character(128),
    error_code integer, query_uuid character(36)
  `),
});
