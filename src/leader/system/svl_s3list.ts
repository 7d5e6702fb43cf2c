/**
 * SVL_S3LIST: Spectrum listing; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_s3list',
  schema: 'pg_catalog',
  doc: 'Spectrum listing.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    query integer, segment integer, node integer, slice integer, eventtime timestamp,
    bucket text, prefix text, recursive character(1), retrieved_files integer,
    max_file_size bigint, avg_file_size double precision, generated_splits integer,
    avg_split_length double precision, duration bigint
  `),
});
