/**
 * SYS_REDSHIFT_TEMPLATE: COPY templates; there are no templates.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_redshift_template',
  schema: 'pg_catalog',
  doc: 'COPY templates.',
  visibleTo: 'everyone',
  without: 'templates',
  columns: columns(`
    database_name text, schema_name text, template_name text, template_type text,
    create_time timestamp, last_modified_time timestamp, owner_id integer,
    last_modified_by integer, template_parameters text
  `),
});
