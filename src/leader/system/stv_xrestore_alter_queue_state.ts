/**
 * STV_XRESTORE_ALTER_QUEUE_STATE: classic resize redistribution queue; there are no classic resizes.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stv_xrestore_alter_queue_state',
  schema: 'pg_catalog',
  doc: 'classic resize redistribution queue.',
  visibleTo: 'superuser',
  without: 'classic resizes',
  columns: columns(`
    schema_name character(128), table_name character(128), status character(128),
    priority integer
  `),
});
