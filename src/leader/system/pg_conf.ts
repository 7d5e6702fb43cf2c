/**
 * PG_CONF: settings of objects that no other catalog has. Redshift keeps the tables here that are no part of backups, which
 * scripts that print definitions ask for: pg_class_backup_<database>_<table>, NO.
 */
import { tablesOf } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_conf',
  schema: 'pg_catalog',
  doc: 'tables with BACKUP NO.',
  visibleTo: 'everyone',
  columns: columns('key text, value text'),
  rows: (ctx) =>
    tablesOf(ctx)
      .filter((table) => !table.backup)
      .map((table) => ({ key: `pg_class_backup_${ctx.catalog.database.oid}_${table.oid}`, value: 'NO' })),
});
