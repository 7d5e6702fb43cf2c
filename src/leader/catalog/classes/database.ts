/** Databases, each of which is a space of objects. */
import { duplicateDatabase, undefinedDatabase } from '../../../common/errors/catalogue.ts';
import type { DatabaseObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const database: ObjectClass<DatabaseObject> = {
  kinds: { database: { comment: 'database' } },
  noun: 'database',
  uniqueIn: 'cluster',
  catalog: { name: 'pg_database', oid: 1262 },
  owned: true,
  privileges: {
    on: 'database',
    letters: { CREATE: 'C', TEMP: 'T', TEMPORARY: 'T', USAGE: 'U', ALTER: 'A' },
    system: () => ({ C: 'CREATE SCHEMA' }),
    // Everyone may make temporary tables.
    initial: ({ ownerOid = 0 }) => [{ grantee: 0, grantor: ownerOid, privileges: 'T' }],
  },
  duplicate: duplicateDatabase,
  missing: undefinedDatabase,
};
