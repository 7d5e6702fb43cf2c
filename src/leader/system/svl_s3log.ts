/**
 * SVL_S3LOG: Spectrum messages; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_s3log',
  schema: 'pg_catalog',
  doc: 'Spectrum messages.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    pid integer, query integer, segment integer, step integer, node integer, slice integer,
    eventtime timestamp, message text
  `),
});
