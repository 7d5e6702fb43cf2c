/** Isolation levels of databases as the catalogs and SHOW print them. */
import type { DatabaseObject } from './objects.ts';

const isSerializable = (database: Pick<DatabaseObject, 'isolation'> | undefined): boolean =>
  database?.isolation === 'serializable';

/** SHOW DATABASES, SVV_REDSHIFT_DATABASES, STV_DB_ISOLATION_LEVEL. */
export const isolationWords = (database: Pick<DatabaseObject, 'isolation'>): string =>
  isSerializable(database) ? 'Serializable' : 'Snapshot Isolation';

/** PG_DATABASE.datconfig. */
export const isolationConfig = (database: Pick<DatabaseObject, 'isolation'>): string =>
  `{concurrency_model=${isSerializable(database) ? 2 : 1}}`;

/** SHOW transaction_isolation: snapshot isolation goes by the standard name that drivers know. */
export const isolationSetting = (database: Pick<DatabaseObject, 'isolation'> | undefined): string =>
  isSerializable(database) ? 'serializable' : 'repeatable read';
