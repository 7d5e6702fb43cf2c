/**
 * SVL_RESTORE_ALTER_TABLE_PROGRESS: classic resize KEY restore progress; there are no classic resizes.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_restore_alter_table_progress',
  schema: 'pg_catalog',
  doc: 'classic resize KEY restore progress.',
  visibleTo: 'everyone',
  without: 'classic resizes',
  columns: columns(`
    tbl integer, progress varchar(64), message varchar(256)
  `),
});
