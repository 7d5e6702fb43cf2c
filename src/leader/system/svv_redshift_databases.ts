/**
 * SVV_REDSHIFT_DATABASES: databases of the cluster. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { isolationWords } from '../catalog/isolation.ts';
import { DATABASE_RIGHTS, ownedAclText } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_redshift_databases',
  schema: 'pg_catalog',
  doc: 'databases of the cluster.',
  visibleTo: 'everyone',
  columns: columns(`
    database_name varchar(128), database_owner integer, database_type varchar(32),
    database_acl varchar(128), database_options varchar(128), database_isolation_level varchar(128)
  `),
  unknown: ['database_options'],
  rows: (ctx) =>
    ctx.catalog
      .databases()
      .filter((d) => !['template0', 'template1', 'padb_harvest'].includes(d.name))
      .map((d) => ({
        database_name: d.name,
        database_owner: d.ownerOid,
        database_type: d.share === undefined ? 'local' : 'shared',
        database_acl: d.acl === undefined ? null : (ownedAclText(ctx, { ...d, acl: d.acl }, DATABASE_RIGHTS) ?? '{}'),
        database_isolation_level: isolationWords(d),
      })),
});
