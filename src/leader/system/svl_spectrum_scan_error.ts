/**
 * SVL_SPECTRUM_SCAN_ERROR: data cleansing events; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_spectrum_scan_error',
  schema: 'pg_catalog',
  doc: 'data cleansing events.',
  visibleTo: 'own-rows',
  without: 'external schemas',
  columns: columns(`
    userid integer, query integer, location character(256), rowid character(2100),
    colname character(127), original_value character(1024), modified_value character(1024),
    trigger character(128), action character(128), action_value character(128),
    error_code integer
  `),
});
