/**
 * SVV_IDENTITY_PROVIDERS: identity providers; there are no identity providers.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_identity_providers',
  schema: 'pg_catalog',
  doc: 'identity providers.',
  visibleTo: 'superuser',
  without: 'identity providers',
  columns: columns(`
    uid integer, name text, type text, instanceid text, namespc text, params text,
    enabled boolean
  `),
});
