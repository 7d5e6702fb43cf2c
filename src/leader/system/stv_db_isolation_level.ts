/**
 * STV_DB_ISOLATION_LEVEL: the isolation level that each database's transactions are held to.
 */
import { isolationWords } from '../catalog/isolation.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_db_isolation_level',
  schema: 'pg_catalog',
  doc: 'isolation level of each database.',
  visibleTo: 'superuser',
  columns: columns('db_name character(128), isolation_level character(20)'),
  unknown: [],
  rows: (ctx) => ctx.catalog.databases().map((d) => ({ db_name: d.name, isolation_level: isolationWords(d) })),
});
