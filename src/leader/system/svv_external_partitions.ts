/**
 * SVV_EXTERNAL_PARTITIONS: external partitions; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_external_partitions',
  schema: 'pg_catalog',
  doc: 'external partitions.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    schemaname text, tablename text, values text, location text, input_format text,
    output_format text, serialization_lib text, serde_parameters text, compressed integer,
    parameters text
  `),
});
