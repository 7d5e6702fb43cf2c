/**
 * SVL_S3RETRIES: Spectrum retries; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_s3retries',
  schema: 'pg_catalog',
  doc: 'Spectrum retries.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    query integer, segment integer, node integer, slice integer, eventtime timestamp,
    retries integer, successful_fetches integer, file_size bigint, location text, message text
  `),
});
