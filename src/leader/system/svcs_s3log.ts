/**
 * SVCS_S3LOG: as svl_s3log incl. CS; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svcs_s3log',
  schema: 'pg_catalog',
  doc: 'as svl_s3log incl. CS.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    pid integer, query integer, segment integer, step integer, node integer,
    eventtime timestamp, message text
  `),
});
